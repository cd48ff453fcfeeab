package local

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"dalil/corpus"
)

// The database has one schema version, SQLite's user_version. It covers all that a
// collection's folder holds. The base schema is version 1, and each step brings a
// database to the next version. Opening for writing runs the steps that are missing,
// each in a transaction that also raises the version: a process that is killed in a
// step finds the version before at the next start. A database of a newer version is
// refused.
//
// To change what is on disk, add a step: a file migrate_N_name.go with the step of
// version N, and a row at the end of schemaSteps. Never change a step that was released.
// Write the fixture of the version before first:
//
//	DALIL_WRITE_FIXTURE=1 go test ./store/local -run TestWriteFixture
//
// Segment files are copies. A step that changes what they hold deletes the rows of
// the tables segment and removed, so that the files are made again.

// step migrates a database to the next schema version.
type step struct {
	name string
	// migrate changes the database. It runs in a transaction.
	migrate action
	// reading makes a database of the previous version look like one of this version,
	// for a connection that only reads. It creates temporary tables and views, which
	// hide those of the same name in the database. It may run again on the same
	// connection.
	reading action
}

type action func(ctx context.Context, c *sql.Conn) error

// statements returns an action that only executes SQL.
func statements(query string) action {
	return func(ctx context.Context, c *sql.Conn) error {
		_, err := c.ExecContext(ctx, query)
		return err
	}
}

// schemaSteps are all steps. The first migrates version 1 to version 2.
var schemaSteps = []step{
	headingsStep,
	valuesStep,
	goneStep,
	groupsStep,
}

const baseVersion = 1

// newestVersion is the version that this program writes.
func newestVersion() int { return baseVersion + len(schemaSteps) }

// pending returns the steps that a database of a version needs.
func pending(version int) []step {
	return slices.Clone(schemaSteps[min(max(version-baseVersion, 0), len(schemaSteps)):])
}

// Migration is one step that migrated a database to the next schema version.
type Migration struct {
	Name     string
	Version  int // the version after the step
	Duration time.Duration
}

// migrate runs the steps that the database needs. It calls about in each step's
// transaction, just before the commit.
func migrate(ctx context.Context, c *sql.Conn, version int, about func(Migration)) error {
	for _, s := range pending(version) {
		version++
		started := time.Now()
		err := inTransaction(ctx, c, func() error {
			if err := s.run(ctx, c, version); err != nil {
				return err
			}
			if about != nil {
				about(Migration{s.name, version, time.Since(started)})
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("migrate the database to schema version %d (%s): %w", version, s.name, err)
		}
	}
	return nil
}

func (s *step) run(ctx context.Context, c *sql.Conn, version int) error {
	if err := s.migrate(ctx, c); err != nil {
		return err
	}
	_, err := c.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", version))
	return err
}

// createSchema creates a new database with the base schema, and then runs every
// step, as for an older database.
func createSchema(ctx context.Context, c *sql.Conn) error {
	return inTransaction(ctx, c, func() error {
		if _, err := c.ExecContext(ctx, schema); err != nil {
			return err
		}
		for i := range schemaSteps {
			if err := schemaSteps[i].run(ctx, c, baseVersion+1+i); err != nil {
				return err
			}
		}
		return nil
	})
}

// adapt makes an older database look like one of the newest version for a
// connection that only reads.
func adapt(ctx context.Context, c *sql.Conn, version int) error {
	missing := pending(version)
	if len(missing) == 0 {
		return nil
	}
	if _, err := c.ExecContext(ctx, "PRAGMA query_only = 0"); err != nil {
		return err
	}
	for _, s := range missing {
		if err := s.reading(ctx, c); err != nil {
			return fmt.Errorf("read schema version %d (%s): %w", version, s.name, err)
		}
	}
	_, err := c.ExecContext(ctx, "PRAGMA query_only = 1")
	return err
}

// inTransaction runs do in a transaction, which is rolled back if do fails.
func inTransaction(ctx context.Context, c *sql.Conn, do func() error) error {
	if _, err := c.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return err
	}
	err := do()
	if err == nil {
		_, err = c.ExecContext(ctx, "COMMIT")
	}
	if err != nil {
		// Fails if SQLite has rolled back already, as it does when the disk is full.
		_, _ = c.ExecContext(context.WithoutCancel(ctx), "ROLLBACK")
	}
	return err
}

// checkSchema returns the schema version of a database. It returns an error if the
// database is not one of Dalil or has a newer version.
func checkSchema(ctx context.Context, q querier) (version int, err error) {
	if err := q.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return 0, err
	}
	if version > newestVersion() {
		return version, fmt.Errorf("%w: written by a newer version of Dalil: it has schema version %d, and this program reads up to %d; "+
			"use the program that wrote it or a newer one, or restore a backup", corpus.ErrUnsupported, version, newestVersion())
	}
	var tables int
	const ours = "SELECT count(*) FROM main.sqlite_schema WHERE type = 'table' AND name IN ('setting', 'document', 'passage', 'vector', 'segment', 'removed')"
	if err := q.QueryRowContext(ctx, ours).Scan(&tables); err != nil {
		return version, err
	}
	if version < baseVersion || tables != 6 {
		return version, corpus.Errorf(corpus.ErrCorrupt, "this is not a database of Dalil; %s", repairAdvice)
	}
	return version, nil
}
