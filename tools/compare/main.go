// Command compare asks Dalil and other search engines the same questions about the same
// passages, with the same vectors, and prints a table of their speed. Its main file is
// the list of steps; system.go has the list of systems.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/alecthomas/kong"

	"dalil/internal/ratio/natural"
)

const description = `Compares the speed of Dalil with that of other search engines.

  compare --dalil bin/dalil --postgres postgres://localhost/test --qdrant 127.0.0.1:6334

Dalil indexes passages of natural text. The others get these passages with the vectors that Dalil stores, and questions with the vectors that Dalil searches with. All are asked in turn. A system that is not there is left out, and the report says why.`

// options is the command line.
type options struct {
	Dalil     string `required:"" placeholder:"FILE" help:"The program of Dalil."`
	Postgres  string `placeholder:"URL" env:"DALIL_COMPARE_POSTGRES" help:"A PostgreSQL server with the extension pgvector. The schema dalil_compare is made there, and dropped at the end."`
	Qdrant    string `placeholder:"HOST:PORT" env:"DALIL_COMPARE_QDRANT" help:"The gRPC address of a Qdrant server. A collection is made there, and deleted at the end."`
	Sentences string `placeholder:"DIR" default:"../shared/data/train/parallel" help:"Folder with pairs of sentences (*.tsv.gz), of which passages are made. Without such files, words are drawn by Zipf's law."`
	Passages  int    `default:"100000" help:"Number of passages."`
	Questions int    `default:"1500" help:"Number of questions."`
	Exact     int    `default:"500" help:"Number of questions that the recall is computed from."`
	Keep      string `placeholder:"DIR" help:"Folder for the passages and Dalil's index (default: a temporary one, which is removed). The next run with as many passages uses them again."`
	Write     string `placeholder:"FILE" help:"Page whose section between the lines 'begin: make compare' and 'end: make compare' is replaced by the report."`

	indexed indexed
}

// data is the data folder of Dalil.
func (o *options) data() string { return filepath.Join(o.Keep, "dalil") }

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run runs the program and returns its exit code: 0 is success, 1 a failure, 2 a command
// line that cannot be understood.
func run(ctx context.Context, args []string, in io.Reader, out, log io.Writer) int {
	if len(args) == 2 && args[0] == serveBleve {
		return code(log, serveWords(args[1], in, out))
	}
	var o options
	exited := -1
	parser, err := kong.New(&o, kong.Name("compare"), kong.Description(description), kong.Writers(out, log), kong.Exit(func(code int) { exited = code }))
	if err == nil {
		_, err = parser.Parse(args)
	}
	if exited >= 0 {
		return exited
	}
	if err == nil && (o.Passages < best || o.Questions < 1 || o.Exact < 0) {
		err = fmt.Errorf("at least %d passages and one question are needed", best)
	}
	if err != nil {
		fmt.Fprintln(log, "compare:", err)
		return 2
	}
	return code(log, o.run(ctx, out, log))
}

func code(log io.Writer, err error) int {
	if err != nil {
		fmt.Fprintln(log, "compare:", err)
		return 1
	}
	return 0
}

func (o *options) run(ctx context.Context, out, log io.Writer) (err error) {
	if o.Keep == "" {
		if o.Keep, err = os.MkdirTemp("", "dalil-compare"); err != nil {
			return err
		}
		defer os.RemoveAll(o.Keep)
	}
	if err := os.MkdirAll(o.Keep, 0o700); err != nil {
		return err
	}
	result, err := o.compare(ctx, log)
	if err != nil {
		return err
	}
	text := result.markdown()
	fmt.Fprint(out, text)
	if o.Write == "" {
		return nil
	}
	page, err := os.ReadFile(o.Write)
	if err != nil {
		return err
	}
	changed, err := replaced(string(page), text)
	if err != nil {
		return fmt.Errorf("%s: %w", o.Write, err)
	}
	return os.WriteFile(o.Write, []byte(changed), 0o644)
}

// compare is the whole run.
func (o *options) compare(ctx context.Context, log io.Writer) (result *report, err error) {
	result = &report{date: time.Now(), machine: machine(), passages: o.Passages, questions: o.Questions, exact: min(o.Exact, o.Questions)}
	m, err := o.prepare(ctx, result, log)
	if err != nil {
		return nil, err
	}
	result.passages = len(m.passages)
	fmt.Fprintf(log, "computing the exact neighbours of %d questions\n", result.exact)
	e := newExact(m.passages, m.questions[:result.exact])
	defer func() {
		for _, s := range result.systems {
			err = errors.Join(err, s.Close())
		}
	}()
	for _, s := range systems {
		opened, err := s.open(ctx, o)
		var l *loaded
		if err == nil {
			fmt.Fprintf(log, "loading %s\n", s.name)
			l, err = load(ctx, s.name, opened, m)
		}
		if err != nil {
			fmt.Fprintf(log, "%s is left out: %v\n", s.name, err)
			result.missing = append(result.missing, missing{s.name, err.Error()})
			continue
		}
		result.systems = append(result.systems, l)
	}
	fmt.Fprintf(log, "asking %d questions in %d ways\n", len(m.questions), len(turns(result.systems)))
	return result, measure(ctx, result.systems, m, e)
}

// prepare makes passages and questions, and indexes the passages with Dalil, which
// computes their vectors.
func (o *options) prepare(ctx context.Context, result *report, log io.Writer) (*material, error) {
	text, err := natural.Read(o.Sentences)
	if err != nil {
		return nil, err
	}
	result.text = "real sentences in Arabic and English"
	if len(text.English) == 0 {
		fmt.Fprintf(log, "there are no sentences in %s, so words are drawn by Zipf's law\n", o.Sentences)
		text, result.text = natural.Zipf(20_000), "words by Zipf's law"
	}
	if err := o.index(ctx, &text, log); err != nil {
		return nil, err
	}
	const warm = 100
	questions := text.Questions(o.Questions + warm)
	return export(ctx, o.data(), questions[warm:], questions[:warm])
}
