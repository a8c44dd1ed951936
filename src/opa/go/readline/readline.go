// Package readline stands in for github.com/reeflective/readline, which drives a terminal and does not build for WASI.
// It has what OPA's REPL names, and an editor that says that there is none. OPA asks for the editor only when standard
// input is a terminal, and Go sees none under WASI, so piped input works as ever.
package readline

import (
	"errors"
	"os"

	"github.com/reeflective/readline/inputrc"
)

var ErrInterrupt = errors.New(os.Interrupt.String())

type Completions struct{}

func CompleteValues(...string) Completions { return Completions{} }

type Prompt struct{}

func (*Prompt) Primary(func() string) {}

func (*Prompt) Secondary(func() string) {}

type History struct{}

func (*History) Add(string, any) {}

type Shell struct {
	Config          *inputrc.Config
	Prompt          *Prompt
	History         *History
	AcceptMultiline func(line []rune) bool
	Completer       func(line []rune, cursor int) Completions
}

func NewShell() *Shell {
	return &Shell{Config: &inputrc.Config{}, Prompt: &Prompt{}, History: &History{}}
}

func (*Shell) Readline() (string, error) {
	return "", errors.New("the interactive REPL is not part of Behalf: pipe queries into it, or use `behalf opa eval`")
}
