package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"golang.org/x/term"

	"dalil/internal/app"
	"dalil/internal/config"
	"dalil/internal/doctor"
	"dalil/internal/task"
)

type doctorCommand struct {
	JSON       bool   `help:"Print one JSON object."`
	Repair     bool   `help:"Repair a data folder that cannot be opened: list its collections, let you choose one, and remove the remains of unfinished rebuilds."`
	Use        string `placeholder:"NAME" help:"With --repair: the collection to use. \"none\" renames all collections and starts an empty index."`
	AcceptLoss bool   `help:"With --repair: open the collection although acknowledged writes are missing in it."`
}

// Run checks what a healthy service needs, and prints what to do about each failure.
func (c *doctorCommand) Run(ctx context.Context, g *Globals, s streams) error {
	settings, err := g.load(s)
	if err != nil {
		return err
	}
	if c.Repair {
		return c.repair(ctx, settings, s)
	}
	if c.Use != "" || c.AcceptLoss {
		return errors.New("--use and --accept-loss need --repair")
	}
	findings, err := task.Doctor(ctx, settings, logger(settings, s.err))
	if err != nil {
		return err
	}
	failed := false
	for _, f := range findings {
		failed = failed || f.State == "failed"
	}
	if c.JSON {
		err = json.NewEncoder(s.out).Encode(map[string]any{"findings": findings})
	} else {
		err = printFindings(s, findings)
	}
	if err == nil && failed {
		err = errPartly
	}
	return err
}

// repair asks the user on a terminal. Scripts give --use and --accept-loss instead.
func (c *doctorCommand) repair(ctx context.Context, settings config.Config, s streams) error {
	request := doctor.RepairRequest{Use: c.Use, AcceptLoss: c.AcceptLoss}
	if f, ok := s.in.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		answers := bufio.NewScanner(f)
		ask := func(question string) (string, error) {
			if _, err := fmt.Fprint(s.out, question); err != nil {
				return "", err
			}
			answers.Scan()
			return strings.TrimSpace(answers.Text()), answers.Err()
		}
		request.Choose = func(names []string) (string, error) {
			return ask(fmt.Sprintf("Which collection should be used (%s)? ", strings.Join(append(names, doctor.UseNone), ", ")))
		}
		request.Accept = func() (bool, error) {
			answer, err := ask("Go on without these writes (yes or no)? ")
			return answer == "yes", err
		}
	}
	say := func(line string) { fmt.Fprintln(s.out, line) }
	driver, err := app.Driver(settings, logger(settings, s.err))
	if err != nil {
		return err
	}
	if err := doctor.Repair(ctx, driver, settings.Store.Name, request, say); err != nil {
		return err
	}
	say("the data folder " + settings.Data + " can be opened")
	return nil
}

func printFindings(s streams, findings []doctor.Finding) error {
	for _, f := range findings {
		line := fmt.Sprintf("%-8s %-18s %s", f.State, f.Check, strings.ReplaceAll(f.Detail, "\n", "; "))
		if f.Advice != "" {
			line += "\n" + strings.Repeat(" ", 28) + f.Advice
		}
		if _, err := fmt.Fprintln(s.out, line); err != nil {
			return err
		}
	}
	return nil
}
