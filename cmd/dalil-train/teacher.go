package main

import (
	"log/slog"
	"strings"

	"dalil/internal/config"
	"dalil/internal/model"
	"dalil/internal/training"
)

// askedTeacher says how a provider is asked for its vectors.
type askedTeacher struct {
	Provider   string `default:"openai" help:"Kind of the provider, as in embedder.name of dalil's settings."`
	Preset     string `help:"Preset of the teacher, as in embedder.preset of dalil's settings; it sets the model and its width."`
	Model      string `help:"Model of the teacher; required with an address."`
	Dimensions int    `help:"Number of dimensions of the teacher's vectors; required with an address."`
	Revision   string `help:"Revision of the teacher, if its name does not determine it."`
	Key        string `env:"DALIL_TEACHER_KEY" help:"Key of the provider, sent as a bearer token. Prefer the environment variable."`
	Prefix     string `help:"Text to put before every text."`
	Cache      string `placeholder:"FILE" help:"File of the teacher's vectors, so that no text is embedded twice (default: the folder of --out, with .teacher at the end)."`
	Batch      int    `default:"64" help:"Number of texts in one call."`
	Workers    int    `default:"2" help:"Number of calls at the same time."`
	Requests   int    `name:"requests-per-minute" help:"Calls per minute; 0: as many as the provider accepts."`
	Tokens     int    `name:"tokens-per-minute" help:"Tokens per minute, estimated; 0: unlimited."`
	AskAgain   bool   `help:"Send texts again that the teacher refused in an earlier run."`
}

// teacher opens a file or a provider; nil: there is no teacher.
func (c *staticCommand) teacher(log *slog.Logger) (training.Teacher, error) {
	if c.Teacher == "" {
		return nil, nil
	}
	if !strings.Contains(c.Teacher, "://") && !strings.HasPrefix(c.Teacher, "unix:") {
		return training.OpenTeacher(c.Teacher)
	}
	settings := config.Default()
	e := &settings.Embedder
	e.Name, e.URL, e.Key, e.Model, e.Revision = c.Asked.Provider, c.Teacher, config.Secret(c.Asked.Key), c.Asked.Model, c.Asked.Revision
	e.Dimensions, e.MaxBatch, e.PassagePrefix = c.Asked.Dimensions, c.Asked.Batch, c.Asked.Prefix
	e.Preset, e.Requests, e.Tokens = c.Asked.Preset, c.Asked.Requests, c.Asked.Tokens
	e.MaxTokens = -1 // sentences are short
	provider, err := model.OpenTeacher(settings)
	if err != nil {
		return nil, err
	}
	if c.Asked.Cache == "" {
		c.Asked.Cache = strings.TrimRight(c.Out, "/") + ".teacher"
	}
	return training.NewAskedTeacher(provider, training.AskedOptions{
		Cache: c.Asked.Cache, Prefix: c.Asked.Prefix, Batch: c.Asked.Batch, Workers: c.Asked.Workers, AskAgain: c.Asked.AskAgain, Log: log,
	}), nil
}
