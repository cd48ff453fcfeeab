package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"dalil/internal/app"
)

type exportCommand struct {
	File string `arg:"" optional:"" default:"-" help:"Where to write; - for standard output. A file appears when it is complete."`
}

// Run writes every document as one line of JSON, which "dalil index -" reads.
func (c *exportCommand) Run(ctx context.Context, g *Globals, s streams) error {
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
		if err == nil {
			fmt.Fprintf(s.out, "%d documents written to %s\n", n, c.File)
		}
		return err
	})
}

// whole lets a file appear only when it has been written to the end.
func whole(path string, write func(io.Writer) error) error {
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
