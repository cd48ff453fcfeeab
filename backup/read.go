package backup

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"dalil/corpus"
	"dalil/store"
)

// Limits for the memory of reading. A document of the largest size with its vectors
// fits.
const (
	maxFile   = 1 << 30
	maxHeader = 16 << 20
)

// Verify reads a whole archive and compares it with its checksums. Errors:
// corpus.ErrCorrupt says what is wrong, corpus.ErrUnsupported names a format of a
// newer version.
func Verify(ctx context.Context, r io.Reader) (Summary, error) {
	return read(ctx, r, nil)
}

// Target is where an archive is restored to: an empty store that was opened for
// the archive's pipeline.
type Target interface {
	store.Writer
	Settings(ctx context.Context) (store.Settings, error)
	Documents(ctx context.Context, after string, limit int) ([]store.Record, error)
}

// Batches in which documents are restored.
const (
	batchEntries = 256
	batchPoints  = 4096
)

// Restore verifies an archive and then writes its content to a store. It calls open
// once, with the archive's header, before the first write. If the store is not
// empty, the error is corpus.ErrRefusedState.
func Restore(ctx context.Context, r io.ReadSeeker, open func(context.Context, Header) (Target, error)) (Summary, error) {
	summary, err := Verify(ctx, r)
	if err != nil {
		return Summary{}, err
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return Summary{}, fmt.Errorf("read the archive again: %w", err)
	}
	settings, err := summary.Header.Settings.settings()
	if err != nil {
		return Summary{}, err
	}
	target, err := open(ctx, summary.Header)
	if err != nil {
		return Summary{}, err
	}
	if held, err := target.Settings(ctx); err == nil {
		return Summary{}, corpus.Refused("the store holds a collection already, made at %v; restore into an empty one", held.CreatedAt)
	} else if !errors.Is(err, corpus.ErrNotReady) {
		return Summary{}, err
	}
	if _, err := target.Create(ctx, settings); err != nil {
		return Summary{}, err
	}
	b := batch{target: target}
	summary, err = read(ctx, r, func(e store.Entry) error { return b.add(ctx, e) })
	if err == nil {
		err = b.flush(ctx)
	}
	return summary, err
}

// read reads an archive once. It calls visit with every document; nil: the
// documents are only parsed.
func read(ctx context.Context, r io.Reader, visit func(store.Entry) error) (summary Summary, err error) {
	files := tar.NewReader(r)
	var seen End
	for {
		if err := ctx.Err(); err != nil {
			return summary, err
		}
		name, content, err := next(files, len(seen.Files) == 0)
		if err != nil {
			return summary, err
		}
		switch {
		case len(seen.Files) == 0:
			if err := readHeader(name, content, &summary.Header); err != nil {
				return summary, err
			}
		case name == endName:
			return summary, finish(files, content, seen)
		case strings.HasPrefix(name, "documents/"):
			if err := readDocuments(name, content, &summary, visit); err != nil {
				return summary, err
			}
		default:
			return summary, broken("the file %q does not belong into it", name)
		}
		sum := sha256.Sum256(content)
		seen.Files = append(seen.Files, File{Name: name, Size: int64(len(content)), SHA256: hex.EncodeToString(sum[:])})
		seen.Documents, seen.Passages = summary.Documents, summary.Passages
		summary.Bytes += int64(len(content))
	}
}

func next(files *tar.Reader, first bool) (string, []byte, error) {
	header, err := files.Next()
	switch {
	case errors.Is(err, io.EOF) && first:
		return "", nil, broken("it is empty")
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "", nil, broken("it ends before its last file, %s: it was cut short", endName)
	case errors.Is(err, tar.ErrHeader):
		return "", nil, broken("it is not a tar file, or was damaged")
	case err != nil:
		return "", nil, fmt.Errorf("read the archive: %w", err)
	}
	limit := int64(maxFile)
	if first {
		limit = maxHeader
	}
	if header.Size > limit || header.Typeflag != tar.TypeReg {
		return "", nil, broken("the file %q is of a kind or size that a backup does not have", header.Name)
	}
	content, err := io.ReadAll(files)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return "", nil, broken("it ends within the file %q: it was cut short", header.Name)
	}
	return header.Name, content, err
}

func readHeader(name string, content []byte, header *Header) error {
	if name != headerName {
		return broken("its first file is %q and not %q: it is not a backup of Dalil", name, headerName)
	}
	if err := json.Unmarshal(content, header); err != nil {
		return broken("%s cannot be read: %v", name, err)
	}
	if header.Format > Format {
		return corpus.Errorf(corpus.ErrUnsupported, "the archive has format %d, and this version reads up to %d; use the version that wrote it (%s) or a newer one",
			header.Format, Format, header.CreatedBy)
	}
	if header.Format < 1 || header.Settings.Pipeline.Dimensions < 1 {
		return broken("%s names no format or no pipeline", name)
	}
	return nil
}

func readDocuments(name string, content []byte, summary *Summary, visit func(store.Entry) error) error {
	for line := range bytes.Lines(content) {
		var d document
		if err := json.Unmarshal(line, &d); err != nil {
			return broken("a line of %s cannot be read: %v", name, err)
		}
		d.Untyped = d.Untyped || summary.Header.Format == 1
		e, err := d.entry()
		if err == nil {
			err = e.Check(summary.Header.Settings.Pipeline.Dimensions)
		}
		if err != nil {
			return broken("%s: document %q: %v", name, d.ID, err)
		}
		summary.Documents++
		summary.Passages += len(e.Points)
		if visit != nil {
			if err := visit(e); err != nil {
				return err
			}
		}
	}
	return nil
}

// finish compares the files that were read with the end.
func finish(files *tar.Reader, content []byte, seen End) error {
	var end End
	if err := json.Unmarshal(content, &end); err != nil {
		return broken("%s cannot be read: %v", endName, err)
	}
	for i, f := range seen.Files {
		if i >= len(end.Files) || end.Files[i] != f {
			return broken("the file %q differs from its checksum", f.Name)
		}
	}
	if !slices.Equal(end.Files, seen.Files) || end.Documents != seen.Documents || end.Passages != seen.Passages {
		return broken("it holds %d documents in %d files, and %s says %d in %d", seen.Documents, len(seen.Files), endName, end.Documents, len(end.Files))
	}
	if _, err := files.Next(); !errors.Is(err, io.EOF) {
		return broken("something follows its last file")
	}
	return nil
}

func broken(format string, args ...any) error {
	return &corpus.Error{Kind: corpus.ErrCorrupt, Op: "read backup", Cause: fmt.Errorf(format, args...)}
}
