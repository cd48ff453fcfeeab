// Command dalil-train builds the models that dalil runs with: the lexicon that
// carries words across languages, and the static vectors. It is offline and
// not needed to run.
package main

import (
	"fmt"
	"io"
	"log/slog"
	"os"

	"github.com/alecthomas/kong"
)

const description = `Trains the built-in models, or your own, from parallel text: gzip'd or plain TSV files, one pair a line, the source text, a tab, the target text.`

type cli struct {
	Lexicon lexiconCommand `cmd:"" help:"Learn which words stand for which in the other language."`
	Ranker  rankerCommand  `cmd:"" help:"Learn how the signals of a model rank the candidates."`
	Static  staticCommand  `cmd:"" help:"Learn token vectors that texts of equal meaning share, towards a teacher."`
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
