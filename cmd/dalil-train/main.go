// Command dalil-train builds the models of dalil: the lexicon with translations
// of words, the static vectors, the ranker and the smaller models that are fitted to them. It needs no network. dalil runs
// without it.
package main

import (
	"fmt"
	"io"
	"log/slog"
	"os"

	"github.com/alecthomas/kong"
)

const description = `Train the built-in models, or your own, from parallel text. The files are TSV, plain or compressed by gzip. Each line has a source text, a tab and its translation.`

type cli struct {
	Calibrate calibrateCommand `cmd:"" help:"Fit the table that turns scores into relevance and evidence."`
	Claims    claimsCommand    `cmd:"" help:"Fit the model that says how far a sentence supports a claim."`
	Followups followupsCommand `cmd:"" help:"Fit the gate that decides whether a question depends on the conversation before it."`
	Lexicon   lexiconCommand   `cmd:"" help:"Learn the translations of words from sentence pairs and dictionaries."`
	Ranker    rankerCommand    `cmd:"" help:"Train a ranker on the searcher's scores of candidates."`
	Static    staticCommand    `cmd:"" help:"Learn token vectors that give texts of equal meaning similar vectors."`
	Words     wordsCommand     `cmd:"" help:"List the words that all subjects share, and those that rarely end an Arabic clause."`
}

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(args []string, out, errors io.Writer) int {
	var c cli
	exited := -1
	parser, err := kong.New(&c, kong.Name("dalil-train"), kong.Description(description), kong.Writers(out, errors),
		kong.Exit(func(code int) { exited = code }), kong.Bind(slog.New(slog.NewTextHandler(errors, nil))), kong.BindTo(out, (*io.Writer)(nil)))
	if err != nil {
		fmt.Fprintln(errors, "dalil-train:", err)
		return 2
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	command, err := parser.Parse(args)
	if exited >= 0 {
		return exited
	}
	if err != nil {
		fmt.Fprintln(errors, "dalil-train:", err)
		return 2
	}
	if err := command.Run(); err != nil {
		fmt.Fprintln(errors, "dalil-train:", err)
		return 1
	}
	return 0
}
