package local

import (
	"context"
	"database/sql"
)

// groupsStep marks the version from which the fields of a document may end with its
// groups, and its id may be a key with a tenant. Older programs cannot read the one and
// would show the other to everyone. Documents do not change: without groups and tenant
// they are for everyone, as before, so the segment files stay valid.
var groupsStep = step{
	name:    "groups and tenants",
	migrate: func(context.Context, *sql.Conn) error { return nil },
	reading: func(context.Context, *sql.Conn) error { return nil },
}
