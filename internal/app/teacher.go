package app

import (
	"fmt"
	"time"

	"dalil/embedder"
	"dalil/internal/config"
)

// OpenTeacher opens the embedder that the configuration names, for training:
// any row of the table can teach. Nobody waits for one answer here, so it is
// more patient than a server is.
func OpenTeacher(c config.Config) (embedder.Embedder, error) {
	var err error
	if c.Embedder, err = withPreset(c.Embedder); err != nil {
		return nil, err
	}
	open, err := pick("teacher-provider", c.Embedder.Name, embedders)
	if err != nil {
		return nil, err
	}
	e, err := open(c)
	if err != nil {
		return nil, fmt.Errorf("teacher: %w", err)
	}
	patient := embedder.RetryOptions{Attempts: 6, Most: 30 * time.Second, Budget: 1}
	return embedder.Batched(embedder.Retried(embedder.Checked(e), patient), embedder.BatchOptions{}), nil
}
