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

// step brings a database to the next schema version.
type step struct {
	name string
	// migrate changes the database. It runs in a transaction.
	migrate action
	// reading makes a database of the version before look like one of this version, for
	// a connection that may only read. It makes temporary tables and views, which hide
	// those of the same name in the database. It may run again on one connection.
	reading action
}

type action func(ctx context.Context, c *sql.Conn) error

// statements is an action of SQL alone.
func statements(query string) action {
	return func(ctx context.Context, c *sql.Conn) error {
		_, err := c.ExecContext(ctx, query)
		return err
	}
}

// schemaSteps are all steps there are. The first brings version 1 to version 2.
var schemaSteps = []step{
	headingsStep,
	valuesStep,
	goneStep,
}

const baseVersion = 1

// newestVersion is the version that this program writes.
func newestVersion() int { return baseVersion + len(schemaSteps) }

// pending returns the steps that a database of a version has not had.
func pending(version int) []step {
	return slices.Clone(schemaSteps[min(max(version-baseVersion, 0), len(schemaSteps)):])
}

// Migration is one step that brought a database to the next schema version.
type Migration struct {
	Name     string
	Version  int // that the step leads to
	Duration time.Duration
}

// migrate runs the steps that the database has not had. about is called in each
// step's transaction, just before its end.
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
			return fmt.Errorf("bring the database to schema version %d (%s): %w", version, s.name, err)
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

// createSchema makes a new database: the base schema, and then every step, as an
// older database gets them.
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

// adapt lets a connection that only reads see an older database as one of the
// newest version.
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

// inTransaction runs do in a transaction that is undone if do fails.
func inTransaction(ctx context.Context, c *sql.Conn, do func() error) error {
	if _, err := c.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return err
	}
	err := do()
	if err == nil {
		_, err = c.ExecContext(ctx, "COMMIT")
	}
	if err != nil {
		// Fails where SQLite has rolled back already, as it does when the disk is full.
		_, _ = c.ExecContext(context.WithoutCancel(ctx), "ROLLBACK")
	}
	return err
}

// checkSchema returns the schema version of a database. It refuses one that is not
// one of ours or of a newer version.
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
