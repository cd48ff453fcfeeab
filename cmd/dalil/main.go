// Command dalil indexes documents, serves searches and measures the ranking.
// main parses, loads the configuration, builds the app and runs one command.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"strconv"
	"syscall"
	"unicode/utf8"

	"github.com/alecthomas/kong"

	"dalil/internal/stores"
)

const description = `Semantic search over your articles, in Arabic and English: a question in one language finds passages in the other.

  dalil index seeds/                       index a folder of articles
  dalil serve                              answer questions over gRPC
  dalil search "poverty reduction"         search the local index
  dalil search --server HOST:PORT "..."    search through a running server

Flags override environment variables (DALIL_...), which override the file named by --config. "dalil config" prints every setting with its value.`

// cli has one field for each command. Each command is in a file of its own.
type cli struct {
	Globals

	Serve      serveCommand      `cmd:"" help:"Answer questions over gRPC, and serve metrics and health over HTTP."`
	Index      indexCommand      `cmd:"" help:"Index documents: folders, files, globs, or - for JSON Lines on standard input."`
	Search     searchCommand     `cmd:"" help:"Search the index."`
	Context    contextCommand    `cmd:"" help:"Print the passages that answer a question, ready for the prompt of a language model."`
	Similar    similarCommand    `cmd:"" help:"Find passages like a document, a passage or a text."`
	Explain    explainCommand    `cmd:"" help:"Say where a document is in the answer to a question, or why it is not in it."`
	Ground     groundCommand     `cmd:"" help:"Check whether the passages of the index support an answer."`
	Preview    previewCommand    `cmd:"" help:"Print how documents would be indexed, and write nothing."`
	Docs       docsCommand       `cmd:"" help:"List, read, write, update and delete single documents."`
	Facets     facetsCommand     `cmd:"" help:"Count the values of fields over the whole index."`
	Tenants    tenantsCommand    `cmd:"" help:"List tenants, count what each keeps, and delete them."`
	Export     exportCommand     `cmd:"" help:"Write all documents as JSON Lines, which \"dalil index -\" reads back."`
	Backup     backupCommand     `cmd:"" help:"Write a whole index into one archive, or verify an archive."`
	Restore    restoreCommand    `cmd:"" help:"Restore an archive into an empty store. Nothing is embedded again."`
	Reindex    reindexCommand    `cmd:"" help:"Replace the collection in Qdrant with a new one while searches go on."`
	Doctor     doctorCommand     `cmd:"" help:"Check ports, access, disk, embedder and store, and say what to do."`
	Info       infoCommand       `cmd:"" help:"Print the program's version, and its model, store and collection."`
	Eval       evalCommand       `cmd:"" help:"Measure the quality of the ranking with judged questions."`
	Mcp        mcpCommand        `cmd:"" help:"Serve the index to agents with the Model Context Protocol, on standard input and output."`
	Health     healthCommand     `cmd:"" help:"Check whether a running server can answer questions. Exit code 0 if it can, otherwise 1."`
	Keys       keysCommand       `cmd:"" help:"Make, list, revoke and rotate API keys."`
	Config     configCommand     `cmd:"" help:"Print all settings and their values as YAML, without secrets."`
	Version    versionCommand    `cmd:"" help:"Print the version."`
	Help       helpCommand       `cmd:"" help:"Print the help of a command."`
	Completion completionCommand `cmd:"" help:"Print the script that completes commands and flags in bash, zsh or fish."`
	Complete   completeCommand   `cmd:"" hidden:"" help:"Print what may follow on a command line."`

	ShowVersion kong.VersionFlag `name:"version" help:"Print the version and exit."`
}

// helpCommand makes "help" appear in the list of commands. run treats it as --help.
type helpCommand struct {
	Command []string `arg:"" optional:"" help:"The command (default: all commands)."`
}

// streams are the input and outputs of a command, and its environment.
type streams struct {
	in          io.Reader
	out, err    io.Writer
	environment []string
}

// errPartly is returned by a command that has already printed what went wrong.
var errPartly = errors.New("some of it failed")

// profiledBytes is after how many allocated bytes one allocation is recorded for profiles
// of memory. Each record costs a walk of a deep stack; with the default, half a megabyte,
// that is 1 % of the processor time of a question.
const profiledBytes = 4 << 20

func main() {
	if runtime.MemProfileRate == 512<<10 { // the default: GODEBUG=memprofilerate sets another one
		runtime.MemProfileRate = profiledBytes
	}
	stores.Register()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], streams{in: os.Stdin, out: os.Stdout, err: os.Stderr, environment: os.Environ()})
	stop()
	os.Exit(code)
}

// run runs the program and returns its exit code: 0 is success, 1 a failure, 2 a
// command line that cannot be understood, 3 a context without evidence for an
// answer.
func run(ctx context.Context, args []string, s streams) int {
	var c cli
	exited := -1
	options := append(flagMappers(), kong.Name("dalil"), kong.Description(description),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}), kong.Vars{"version": versionLine()},
		kong.Writers(s.out, s.err), kong.Exit(func(code int) { exited = code }),
		kong.BindTo(operating(ctx, ""), (*context.Context)(nil)), kong.Bind(s))
	parser, err := kong.New(&c, options...)
	if err != nil {
		fmt.Fprintln(s.err, "dalil:", err)
		return 2
	}
	switch {
	case len(args) == 0:
		args = []string{"--help"}
	case args[0] == "help":
		args = append(args[1:len(args):len(args)], "--help")
	}
	for i, arg := range args {
		if !utf8.ValidString(arg) { // the parser would replace the bytes, and something else would be searched for
			fmt.Fprintf(s.err, "dalil: argument %d, %s, is not valid UTF-8\n", i+1, strconv.QuoteToASCII(arg))
			return 2
		}
	}
	command, err := parser.Parse(args)
	if exited >= 0 { // --help has been answered
		return exited
	}
	if err == nil {
		err = checkEmpty(command)
	}
	if err != nil {
		fmt.Fprintln(s.err, "dalil:", plain(err.Error()))
		fmt.Fprintln(s.err, `Run "dalil --help" for usage.`)
		return 2
	}
	err = command.Run(&c.Globals)
	switch {
	case err == nil:
		return 0
	case errors.Is(err, errPartly):
	case errors.Is(err, errNoEvidence):
		return 3
	case errors.Is(err, context.Canceled) && ctx.Err() != nil:
		fmt.Fprintln(s.err, "dalil: interrupted")
	default:
		fmt.Fprintln(s.err, "dalil:", plain(err.Error()))
	}
	return 1
}
