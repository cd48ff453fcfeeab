package backup

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"dalil/store"
)

// Summary has the counts of an archive.
type Summary struct {
	Header    Header
	Documents int
	Passages  int
	Bytes     int64
}

// fileBytes is the approximate size of one file of documents.
const fileBytes = 4 << 20

// Write writes the content of a store. From a [store.EntryReader] it is a snapshot
// of one moment, even if others write meanwhile. by is the name of the program.
func Write(ctx context.Context, w io.Writer, from store.Reader, by string) (Summary, error) {
	settings, err := from.Settings(ctx)
	if err != nil {
		return Summary{}, err
	}
	a := &archive{tar: tar.NewWriter(w), now: time.Now().UTC()}
	header := Header{Format: Format, CreatedAt: a.now, CreatedBy: by, Settings: Settings{
		Pipeline: settings.Pipeline, AverageLength: settings.AverageLength, CreatedAt: settings.CreatedAt,
	}}
	if keeper, ok := from.(store.SchemaKeeper); ok {
		header.Schema, _ = keeper.Schema()
	}
	for _, probe := range settings.Probes {
		header.Settings.Probes = append(header.Settings.Probes, floats(probe))
	}
	if err := a.json(headerName, header); err != nil {
		return Summary{}, err
	}
	var lines bytes.Buffer
	encoder := json.NewEncoder(&lines)
	encoder.SetEscapeHTML(false)
	for e, err := range store.Entries(ctx, from) {
		if err != nil {
			return Summary{}, err
		}
		line, err := toDocument(&e)
		if err != nil {
			return Summary{}, err
		}
		if err := encoder.Encode(line); err != nil {
			return Summary{}, fmt.Errorf("write document %q: %w", e.Document.ID, err)
		}
		a.end.Documents++
		a.end.Passages += len(e.Points)
		if lines.Len() >= fileBytes {
			if err := a.documents(&lines); err != nil {
				return Summary{}, err
			}
		}
	}
	if lines.Len() > 0 {
		if err := a.documents(&lines); err != nil {
			return Summary{}, err
		}
	}
	if err := a.json(endName, a.end); err != nil {
		return Summary{}, err
	}
	if err := a.tar.Close(); err != nil {
		return Summary{}, err
	}
	return Summary{Header: header, Documents: a.end.Documents, Passages: a.end.Passages, Bytes: a.bytes}, nil
}

// archive is an archive that is being written.
type archive struct {
	tar   *tar.Writer
	now   time.Time
	end   End
	files int
	bytes int64
}

func (a *archive) documents(lines *bytes.Buffer) error {
	a.files++
	err := a.file(fmt.Sprintf("documents/%08d.jsonl", a.files), lines.Bytes())
	lines.Reset()
	return err
}

func (a *archive) json(name string, v any) error {
	content, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	return a.file(name, append(content, '\n'))
}

func (a *archive) file(name string, content []byte) error {
	header := &tar.Header{Name: name, Size: int64(len(content)), Mode: 0o600, ModTime: a.now.Truncate(time.Second), Typeflag: tar.TypeReg}
	if err := a.tar.WriteHeader(header); err != nil {
		return err
	}
	if _, err := a.tar.Write(content); err != nil {
		return err
	}
	sum := sha256.Sum256(content)
	a.end.Files = append(a.end.Files, File{Name: name, Size: int64(len(content)), SHA256: hex.EncodeToString(sum[:])})
	a.bytes += int64(len(content))
	return nil
}
