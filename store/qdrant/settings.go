package qdrant

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"time"

	sdk "github.com/qdrant/go-client/qdrant"

	"dalil/corpus"
	"dalil/store"
)

// metadataKey holds the settings in the collection's own metadata, so they come
// into being with the collection, in one step.
const metadataKey = "dalil"

type settingsRecord struct {
	Pipeline      corpus.Pipeline `json:"pipeline"`
	AverageLength float64         `json:"average_length"`
	Probes        []corpus.Vector `json:"probes"`
	CreatedAt     time.Time       `json:"created_at"`
}

func encodeSettings(s store.Settings) (map[string]*sdk.Value, error) {
	raw, err := json.Marshal(settingsRecord(s))
	if err != nil {
		return nil, fmt.Errorf("encode settings: %w", err)
	}
	return map[string]*sdk.Value{metadataKey: sdk.NewValueString(string(raw))}, nil
}

func (s *Store) readSettings(ctx context.Context, name string) (store.Settings, error) {
	var info *sdk.CollectionInfo
	err := s.read(ctx, "collection info", func(ctx context.Context) (err error) {
		info, err = s.client.GetCollectionInfo(ctx, name)
		return err
	})
	if err != nil {
		return store.Settings{}, err
	}
	return decodeSettings(name, info)
}

func decodeSettings(name string, info *sdk.CollectionInfo) (store.Settings, error) {
	raw := info.GetConfig().GetMetadata()[metadataKey].GetStringValue()
	if raw == "" {
		return store.Settings{}, fmt.Errorf("%w: collection %s was not made by this program: its metadata has no %q", corpus.ErrModelMismatch, name, metadataKey)
	}
	var record settingsRecord
	if err := json.Unmarshal([]byte(raw), &record); err != nil {
		return store.Settings{}, fmt.Errorf("%w: metadata of collection %s: %w", corpus.ErrCorrupt, name, err)
	}
	return store.Settings(record), nil
}

// Settings returns what Create fixed.
func (s *Store) Settings(ctx context.Context) (store.Settings, error) {
	name, err := s.at(ctx)
	if err != nil {
		return store.Settings{}, err
	}
	if name == "" {
		return store.Settings{}, fmt.Errorf("%w: the alias %s points to no collection yet", corpus.ErrNotReady, s.options.Alias)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.settings.Clone(), nil
}

// Create makes the collection, and points the alias to it where that points
// nowhere yet. Of several processes that do so at once, the first wins, and all
// use its settings.
func (s *Store) Create(ctx context.Context, settings store.Settings) (store.Settings, error) {
	if err := settings.Check(s.options.Pipeline); err != nil {
		return store.Settings{}, err
	}
	name, err := s.at(ctx)
	if err != nil {
		return store.Settings{}, err
	}
	if name == "" {
		if name = s.target; name == "" {
			name = collectionName(s.options.Alias, settings.Pipeline, 0)
		}
		if err := s.createCollection(ctx, name, settings); err != nil {
			return store.Settings{}, err
		}
		if err := s.pointFirst(ctx, name); err != nil {
			return store.Settings{}, err
		}
	}
	return s.Settings(ctx)
}

// collectionName is the alias, a dash and eight digits of the pipeline's
// fingerprint; a second collection of one pipeline has its number behind that.
func collectionName(alias string, p corpus.Pipeline, number int) string {
	name := alias + "-" + p.Fingerprint()[:8]
	if number > 0 {
		name += fmt.Sprintf("-%d", number+1)
	}
	return name
}

// isNameOf reports whether collectionName gives such a name for the alias: one
// alias may begin with another.
func isNameOf(alias, collection string) bool {
	rest, held := strings.CutPrefix(collection, alias+"-")
	return held && nameEnd.MatchString(rest)
}

var nameEnd = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9]{1,4})?$`)

func containsFold(s, part string) bool { return strings.Contains(strings.ToLower(s), part) }
