package local

// valuesStep marks the version from which metadata has types. Documents do not
// change: the record of a document itself says which of its values have a type (see
// encodeDocument). The segment files are built again, because filters use other
// terms in them.
var valuesStep = step{
	name:    "values",
	migrate: statements("DELETE FROM segment; DELETE FROM removed"),
	reading: statements(`
		CREATE TEMP TABLE IF NOT EXISTS segment (
			position INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum INTEGER NOT NULL, size INTEGER NOT NULL, last INTEGER NOT NULL);
		CREATE TEMP TABLE IF NOT EXISTS removed (key INTEGER PRIMARY KEY)`),
}
