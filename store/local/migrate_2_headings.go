package local

import (
	"context"
	"database/sql"
)

// headingsStep creates a table for the headings of passages. They have a table of
// their own because most passages have none. Some databases of version 1 have the
// table already.
var headingsStep = step{
	name:    "headings",
	migrate: statements("CREATE TABLE IF NOT EXISTS heading (place INTEGER PRIMARY KEY, path BLOB NOT NULL)"),
	reading: func(ctx context.Context, c *sql.Conn) error {
		var n int
		if err := c.QueryRowContext(ctx, "SELECT count(*) FROM main.sqlite_schema WHERE type = 'table' AND name = 'heading'").Scan(&n); err != nil || n > 0 {
			return err
		}
		return statements("CREATE TEMP TABLE IF NOT EXISTS heading (place INTEGER PRIMARY KEY, path BLOB NOT NULL)")(ctx, c)
	},
}
