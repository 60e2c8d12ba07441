"""The only room that talks to SQLite: writes in domain verbs (`store`), reads as functions (`queries`)."""
