package main

import (
	"log/slog"
	"maps"
	"slices"
	"strings"

	"dalil/corpus"
	"dalil/embedder"
	"dalil/embedder/openai"
	"dalil/internal/training"
)

// askedTeacher says how a provider is asked for its vectors.
type askedTeacher struct {
	Provider   string `default:"openai" help:"Kind of the provider."`
	Model      string `help:"Its model; needed with an address."`
	Dimensions int    `help:"Width of its vectors; needed with an address."`
	Revision   string `help:"Of the model, where its name does not fix it."`
	Key        string `env:"DALIL_TEACHER_KEY" help:"Sent as a bearer token; better given by the environment."`
	Prefix     string `help:"Set before every text."`
	Cache      string `placeholder:"FILE" help:"Its answers, so that nothing is asked for twice (default: the folder of --out, with .teacher at the end)."`
	Batch      int    `default:"64" help:"Texts in one call."`
	Workers    int    `default:"2" help:"Calls under way at once."`
}

// providers are the embedders that can teach, by name.
var providers = map[string]func(url string, a askedTeacher) (embedder.Embedder, error){
	"openai": func(url string, a askedTeacher) (embedder.Embedder, error) {
		return openai.New(openai.Options{
			BaseURL: url, Key: a.Key, Model: a.Model, Revision: a.Revision, Dimensions: a.Dimensions, MaxBatch: a.Batch, PassagePrefix: a.Prefix,
		})
	},
}

// teacher opens a file or a provider; nil: nobody teaches.
func (c *staticCommand) teacher(log *slog.Logger) (training.Teacher, error) {
	if c.Teacher == "" {
		return nil, nil
	}
	if !strings.Contains(c.Teacher, "://") {
		return training.OpenTeacher(c.Teacher)
	}
	open, ok := providers[c.Asked.Provider]
	if !ok {
		return nil, corpus.Invalid("teacher-provider", c.Asked.Provider+" is not among "+strings.Join(slices.Sorted(maps.Keys(providers)), ", "))
	}
	e, err := open(c.Teacher, c.Asked)
	if err != nil {
		return nil, err
	}
	if c.Asked.Cache == "" {
		c.Asked.Cache = strings.TrimRight(c.Out, "/") + ".teacher"
	}
	return training.NewAskedTeacher(embedder.Retried(embedder.Batched(embedder.Checked(e), embedder.BatchOptions{Texts: c.Asked.Batch}), embedder.RetryOptions{}),
		training.AskedOptions{Cache: c.Asked.Cache, Prefix: c.Asked.Prefix, Batch: c.Asked.Batch, Workers: c.Asked.Workers, Log: log}), nil
}
