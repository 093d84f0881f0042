"""Wire formats to records and back: bytes in, records and problems out; nothing here touches the store."""
