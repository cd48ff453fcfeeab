package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"dalil/internal/training"
)

type staticCommand struct {
	Parallel   []string `required:"" placeholder:"DIR" help:"Folders of sentence pairs; may be repeated."`
	Lexicon    []string `placeholder:"DIR" help:"Folders of dictionary rows; may be repeated."`
	Teacher    string   `placeholder:"FILE|URL" help:"Vectors that the vectors of the source sides should resemble: a safetensors file, or the address of a provider without the final /embeddings."`
	Out        string   `required:"" placeholder:"DIR" help:"Folder to write."`
	Name       string   `default:"dalil-static" help:"Name of the model."`
	Dimensions int      `default:"256" help:"Number of dimensions of the vectors."`
	Vocabulary int      `default:"32000" help:"Size of the vocabulary, in pieces."`
	Epochs     int      `default:"12" help:"Passes over the pairs."`
	Batch      int      `default:"2048" help:"Number of pairs in one training step. Each is contrasted with the others."`
	Rate       float64  `default:"0.05" help:"Learning rate."`
	Scale      float64  `default:"10" help:"Factor of the similarities in the loss."`
	Teaching   float64  `default:"1" help:"Weight of the teacher's losses."`
	Passages   float64  `default:"0.25" help:"Share of the sentences that are joined into passages, 0 to 1."`
	ByFile     bool     `help:"Train on the pairs of one file at a time, so that each is contrasted with similar ones. Vectors alone then find more."`
	Seed       uint64   `default:"1" help:"Seed of the random numbers."`
	Checkpoint string   `placeholder:"FILE" help:"File to write after every epoch. A run that finds it continues from there."`

	Asked askedTeacher `embed:"" prefix:"teacher-"`
}

// Validate names the first flag whose value cannot work.
func (c *staticCommand) Validate() error {
	return first(
		whole("--dimensions", c.Dimensions, 1, 4096),
		whole("--vocabulary", c.Vocabulary, 16, 1_000_000),
		whole("--epochs", c.Epochs, 1, 100_000),
		whole("--batch", c.Batch, 2, 1<<20),
		number("--rate", c.Rate, 1e-9, 10),
		number("--scale", c.Scale, 1e-3, 1000),
		number("--teaching", c.Teaching, 0, 1000),
		number("--passages", c.Passages, 0, 1),
		whole("--teacher-batch", c.Asked.Batch, 1, 1<<16),
		whole("--teacher-workers", c.Asked.Workers, 1, 256),
		whole("--teacher-dimensions", c.Asked.Dimensions, 0, 1<<16),
		whole("--teacher-requests-per-minute", c.Asked.Requests, 0, 1<<24),
		whole("--teacher-tokens-per-minute", c.Asked.Tokens, 0, 1<<31),
	)
}

// targets reports what cannot be written, before minutes of training.
func (c *staticCommand) targets() error {
	if err := training.TryFolder(c.Out); err != nil {
		return fmt.Errorf("--out: %w", err)
	}
	if c.Checkpoint != "" {
		if err := training.TryFile(c.Checkpoint); err != nil {
			return fmt.Errorf("--checkpoint: %w", err)
		}
	}
	return nil
}

// orNone turns the 0 of a flag into the negative value that means none.
func orNone(x float64) float64 {
	if x == 0 {
		return -1
	}
	return x
}

func (c *staticCommand) Run(log *slog.Logger) error {
	if err := c.targets(); err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	pairs, err := training.ReadPairs(c.Parallel, false)
	if err != nil {
		return fmt.Errorf("--parallel: %w", err)
	}
	terms, err := training.ReadPairs(c.Lexicon, true)
	if err != nil {
		return fmt.Errorf("--lexicon: %w", err)
	}
	options := training.StaticOptions{
		Dimensions: c.Dimensions, Vocabulary: c.Vocabulary, Epochs: c.Epochs, Batch: c.Batch, Rate: c.Rate, Scale: c.Scale,
		Teaching: orNone(c.Teaching), Passages: orNone(c.Passages), ByFile: c.ByFile, Seed: c.Seed, Log: log,
	}
	if c.Checkpoint != "" {
		if options.Resume, err = training.ReadState(c.Checkpoint); err != nil {
			return err
		}
		options.Checkpoint = func(s *training.State) error { return s.Write(c.Checkpoint) }
	}
	teacher, err := c.teacher(log)
	if err != nil {
		return err
	}
	model, err := training.TrainStatic(ctx, append(pairs, terms...), teacher, options)
	if err != nil {
		return err
	}
	log.Info("writing", "folder", c.Out)
	return model.Write(c.Out, c.Name)
}
