package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"dalil/audit"
	"dalil/backup"
	"dalil/client"
	"dalil/internal/task"
)

// backupCommand has the commands that make and verify archives of a whole index.
type backupCommand struct {
	Create backupCreate `cmd:"" help:"Write an archive of the index: documents, passages, vectors and settings."`
	Verify backupVerify `cmd:"" help:"Read a whole archive and check it against its checksums."`
}

type backupCreate struct {
	File string `arg:"" name:"path" help:"File to write. It is created only when the archive is complete and verified."`

	remote
	Timeout time.Duration `default:"2m" help:"With --server: how long to wait for the next part of the archive, and for the first one."`
}

// Run writes an archive of a running server, or of the configured store.
func (c *backupCreate) Run(ctx context.Context, g *Globals, s streams) error {
	if c.Timeout <= 0 {
		return fmt.Errorf("--timeout: must be above 0, is %v", c.Timeout)
	}
	if c.Server == "" {
		if err := c.local(); err != nil {
			return err
		}
	}
	settings, err := g.load(s)
	if err != nil {
		return err
	}
	return whole(c.File, func(w io.Writer) error {
		if c.Server != "" {
			connection, err := c.connect(c.Server, g, s)
			if err != nil {
				return err
			}
			defer connection.Close()
			err = whileHeard(ctx, c.Timeout, w, func(ctx context.Context, w io.Writer) error { return client.Backup(ctx, connection, w) })
			if errors.Is(err, errSilent) {
				return fmt.Errorf("the server at %s does not answer: nothing arrived for %v (--timeout)", c.Server, c.Timeout)
			}
			if err != nil {
				return readable(err, c.Server, asWritten)
			}
		} else if _, err := task.Backup(operating(ctx, c.Tenant), settings, logger(settings, s.err), w); err != nil {
			return err
		}
		written, ok := w.(io.ReadSeeker)
		if !ok {
			return errors.New("the archive cannot be read back")
		}
		if _, err := written.Seek(0, io.SeekStart); err != nil {
			return err
		}
		summary, err := backup.Verify(ctx, written)
		if err != nil {
			return err
		}
		return printBackup(s, "written to "+c.File, summary)
	})
}

type backupVerify struct {
	File string `arg:"" name:"path" help:"File of the archive."`
}

// Run reads a whole archive and checks it.
func (c *backupVerify) Run(ctx context.Context, s streams) error {
	f, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer f.Close()
	summary, err := backup.Verify(ctx, f)
	if err != nil {
		return fmt.Errorf("%s: %w", c.File, err)
	}
	return printBackup(s, "are complete in "+c.File, summary)
}

type restoreCommand struct {
	File   string `arg:"" name:"path" help:"File of the archive. The configured store must be empty, unless --tenant is given."`
	Tenant string `placeholder:"NAME" help:"Restore only the documents of this tenant. The store may have documents of others, and must have the pipeline of the archive."`
}

// Run writes an archive into an empty store. It calls no model.
func (c *restoreCommand) Run(ctx context.Context, g *Globals, s streams) error {
	settings, err := g.load(s)
	if err != nil {
		return err
	}
	f, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := checkTenant(c.Tenant); err != nil {
		return err
	}
	return g.recorded(s, "restore", c.Tenant, func(*audit.Recorded) error {
		var summary backup.Summary
		if c.Tenant == "" {
			summary, err = task.Restore(ctx, settings, logger(settings, s.err), f)
		} else {
			summary, err = task.RestoreTenant(ctx, settings, logger(settings, s.err), f, c.Tenant)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", c.File, err)
		}
		return printBackup(s, "restored from "+c.File, summary)
	})
}

func printBackup(s streams, what string, b backup.Summary) error {
	p := b.Header.Settings.Pipeline
	schema := ""
	if b.Header.Schema > 0 {
		schema = fmt.Sprintf(", schema %d", b.Header.Schema)
	}
	_, err := fmt.Fprintf(s.out, "%d documents, %d passages %s\nmade %s by %s%s, model %s@%s, %d dimensions\n", b.Documents, b.Passages, what,
		b.Header.CreatedAt.Format("2006-01-02 15:04:05 MST"), b.Header.CreatedBy, schema, p.Model, p.ModelRevision, p.Dimensions)
	return err
}
