package local

// goneStep adds the source versions of deleted documents. From this version on the
// fields of a document may end with its life, which older programs cannot read.
var goneStep = step{
	name:    "versions of deleted documents",
	migrate: statements("CREATE TABLE gone (id BLOB PRIMARY KEY, version INTEGER NOT NULL, deleted INTEGER NOT NULL) WITHOUT ROWID"),
	reading: statements("CREATE TEMP TABLE IF NOT EXISTS gone (id BLOB PRIMARY KEY, version INTEGER NOT NULL, deleted INTEGER NOT NULL) WITHOUT ROWID"),
}
