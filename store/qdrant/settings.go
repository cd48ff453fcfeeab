package qdrant

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	sdk "github.com/qdrant/go-client/qdrant"

	"dalil/corpus"
	"dalil/store"
)

// metadataKey is the key of the settings in the collection's metadata, so that the
// collection and its settings are created in one step.
const metadataKey = "dalil"

type settingsRecord struct {
	Pipeline      corpus.Pipeline `json:"pipeline"`
	AverageLength float64         `json:"average_length"`
	Probes        []corpus.Vector `json:"probes"`
	CreatedAt     time.Time       `json:"created_at"`
}

// orderedKey is in the collection's metadata if all manifests have the numbers of
// their ids.
const orderedKey = "dalil_ordered"

func encodeSettings(s store.Settings) (map[string]*sdk.Value, error) {
	raw, err := json.Marshal(settingsRecord(s))
	if err != nil {
		return nil, fmt.Errorf("encode settings: %w", err)
	}
	return map[string]*sdk.Value{metadataKey: sdk.NewValueString(string(raw)), orderedKey: sdk.NewValueBool(true)}, nil
}

func (s *Store) readSettings(ctx context.Context, name string) (store.Settings, error) {
	info, err := s.info(ctx, s.asking(), name)
	if err != nil {
		return store.Settings{}, err
	}
	return decodeSettings(name, info)
}

func decodeSettings(name string, info *sdk.CollectionInfo) (store.Settings, error) {
	raw := info.GetConfig().GetMetadata()[metadataKey].GetStringValue()
	if raw == "" {
		return store.Settings{}, &corpus.Error{Kind: corpus.ErrModelMismatch, Op: "open collection", Thing: name, Cause: errForeign}
	}
	var record settingsRecord
	if err := json.Unmarshal([]byte(raw), &record); err != nil {
		return store.Settings{}, corpus.Errorf(corpus.ErrCorrupt, "metadata of collection %s: %w", name, corpus.Foreign(err))
	}
	return store.Settings(record), nil
}

// errForeign is in the error chain if a collection belongs to another program.
var errForeign = fmt.Errorf("it was not made by Dalil: its metadata has no %q", metadataKey)

// Settings returns the settings of Create.
func (s *Store) Settings(ctx context.Context) (store.Settings, error) {
	name, err := s.at(ctx, s.asking())
	if err != nil {
		return store.Settings{}, err
	}
	if name == "" {
		return store.Settings{}, corpus.Errorf(corpus.ErrNotReady, "nothing is indexed yet: the alias %s points to no collection", s.options.Alias)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.settings.Clone(), nil
}

// Create creates the collection, and points the alias to it if the alias does not
// exist yet. If several processes do so at the same time, all use the collection
// and settings of the first.
func (s *Store) Create(ctx context.Context, settings store.Settings) (store.Settings, error) {
	if err := settings.Check(s.options.Pipeline); err != nil {
		return store.Settings{}, err
	}
	name, err := s.at(ctx, s.reading())
	if err != nil {
		return store.Settings{}, err
	}
	if name == "" {
		if name, err = s.make(ctx, settings); err != nil {
			return store.Settings{}, err
		}
		if err := s.pointFirst(ctx, name); err != nil {
			return store.Settings{}, err
		}
	}
	return s.Settings(ctx)
}

// make creates the collection and returns its name. If a collection of another
// program has the name, it uses the next name.
func (s *Store) make(ctx context.Context, settings store.Settings) (string, error) {
	for n := range namesMost {
		name := s.target
		if name == "" {
			name = collectionName(s.options.Alias, settings.Pipeline, n)
		}
		made, err := s.createCollection(ctx, name, settings)
		if err != nil {
			return "", err
		}
		if !made {
			ours, err := s.mayTake(ctx, name)
			if err != nil {
				return "", err
			}
			if !ours && s.target != "" {
				return "", corpus.Refused("collection %s exists and was not made by Dalil", name)
			}
			if !ours {
				continue
			}
		}
		return name, s.createIndexes(ctx, name, s.fields())
	}
	return "", corpus.Refused("collections of other programs have all names from %s on", collectionName(s.options.Alias, settings.Pipeline, 0))
}

// namesMost is how many names make tries.
const namesMost = 1000

// mayTake reports whether an existing collection was just created by another
// process for this alias. A collection with documents either has its alias or lost
// it; the latter is corpus.ErrMissing.
func (s *Store) mayTake(ctx context.Context, name string) (bool, error) {
	info, err := s.info(ctx, s.reading(), name)
	if err != nil {
		return false, err
	}
	settings, err := decodeSettings(name, info)
	if errors.Is(err, errForeign) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if settings.Pipeline != s.options.Pipeline {
		return false, nil
	}
	if s.target == "" {
		if _, err := s.find(ctx, s.reading()); err != nil {
			return false, err
		}
	}
	return true, nil
}

// collectionName returns the alias, a dash and eight digits of the pipeline's
// fingerprint. Further collections of the same pipeline have a number after that.
func collectionName(alias string, p corpus.Pipeline, number int) string {
	name := alias + "-" + p.Fingerprint()[:8]
	if number > 0 {
		name += fmt.Sprintf("-%d", number+1)
	}
	return name
}

// isNameOf reports whether collectionName could have made the name for this alias,
// because the name of one alias may begin with that of another.
func isNameOf(alias, collection string) bool {
	rest, held := strings.CutPrefix(collection, alias+"-")
	return held && nameEnd.MatchString(rest)
}

var nameEnd = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9]{1,4})?$`)
