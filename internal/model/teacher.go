package model

import (
	"time"

	"dalil/embedder"
	"dalil/internal/config"
)

// OpenTeacher opens the configured embedder as a teacher for training. Every
// provider can be a teacher. It retries longer than a server does, because no
// person waits for an answer: a provider that has answered once may be down for a
// quarter of an hour. Its errors name the flags of dalil-train.
func OpenTeacher(c config.Config) (embedder.Embedder, error) {
	var err error
	if c.Embedder, err = withPreset(c.Embedder); err != nil {
		return nil, renamed(err, teacherFlag)
	}
	open, err := Pick("--teacher-provider", c.Embedder.Name, embedders)
	if err != nil {
		return nil, err
	}
	e, err := open(c)
	if err != nil {
		return nil, renamed(err, teacherFlag)
	}
	e = embedder.Checked(e)
	e = embedder.Limited(e, embedder.LimitOptions{Requests: c.Embedder.Requests, Tokens: c.Embedder.Tokens})
	e = embedder.Retried(e, embedder.RetryOptions{
		Attempts: 5, First: 2 * time.Second, Most: time.Minute, Budget: 1, Within: 15 * time.Minute,
	})
	return embedder.Batched(e, embedder.BatchOptions{}), nil
}
