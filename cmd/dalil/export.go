package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"dalil/internal/app"
	"dalil/internal/task"
	"dalil/store"
)

type exportCommand struct {
	File string `arg:"" optional:"" default:"-" help:"File to write; - for standard output. The file is created only when it is complete."`

	tenantFlag
	Salvage bool `help:"Skip and list the documents of a damaged store that cannot be read. Exit code 1 if a document is missing."`
}

// Run writes every document as one line of JSON, which "dalil index -" can read.
func (c *exportCommand) Run(ctx context.Context, g *Globals, s streams) error {
	ctx, err := c.operator(ctx)
	if err != nil {
		return err
	}
	if c.Salvage {
		return c.salvage(ctx, g, s)
	}
	a, err := open(ctx, g, s, app.OpenReading)
	if err != nil {
		return err
	}
	defer a.Close()
	if c.File == "-" {
		_, err := a.Export(ctx, s.out)
		return err
	}
	return whole(c.File, func(w io.Writer) error {
		n, err := a.Export(ctx, w)
		if err == nil && n == 0 {
			err = errNothing
		}
		if err == nil {
			fmt.Fprintf(s.out, "%d documents written to %s\n", n, c.File)
		}
		return err
	})
}

// salvage writes the documents that can be read and lists the others.
func (c *exportCommand) salvage(ctx context.Context, g *Globals, s streams) error {
	settings, err := g.load(s)
	if err != nil {
		return err
	}
	var missing []store.Damage
	write := func(w io.Writer) error {
		n, damaged, err := task.SalvageExport(ctx, settings, logger(settings, s.err), w)
		if missing = damaged; err == nil && n == 0 && c.File != "-" {
			err = errNothing
		}
		if err == nil && c.File != "-" {
			fmt.Fprintf(s.out, "%d documents written to %s\n", n, c.File)
		}
		return err
	}
	if c.File == "-" {
		err = write(s.out)
	} else {
		err = whole(c.File, write)
	}
	if err = errors.Join(err, printMissing(s, missing)); err == nil && len(missing) > 0 {
		err = errPartly
	}
	return err
}

// printMissing lists documents that cannot be read.
func printMissing(s streams, missing []store.Damage) error {
	for _, d := range missing {
		name := d.DocumentID
		if name == "" {
			name = "documents without a name"
		}
		if _, err := fmt.Fprintf(s.err, "missing: %s: %s\n", plainName(name), plain(d.Err.Error())); err != nil {
			return err
		}
	}
	return nil
}

// errNothing is returned for an empty index, so that an empty export does not replace a file.
var errNothing = errors.New("the index has no documents, so nothing was written; an existing file of that name was not changed")

// whole creates the file at path only when write has succeeded. Until then, the
// data is in a temporary file beside it. Errors name path, not the temporary file.
func whole(path string, write func(io.Writer) error) (err error) {
	defer func() {
		var file *os.PathError
		if errors.As(err, &file) && strings.HasPrefix(filepath.Clean(file.Path), filepath.Clean(path)+".") {
			file.Path = path
		}
	}()
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // fails once it has its real name
	if err := write(f); err != nil {
		f.Close()
		return err
	}
	if err := f.Sync(); err != nil {
		f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
