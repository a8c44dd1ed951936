// Package inputrc stands in for github.com/reeflective/readline/inputrc: settings that nothing reads.
package inputrc

// Bind is what a key sequence does.
type Bind struct{ Action string }

// Config has no settings and no bindings, and takes none.
type Config struct{ Binds map[string]map[string]Bind }

func (*Config) Set(string, any) error { return nil }

func (*Config) Bind(keymap, sequence, action string, macro bool) error { return nil }

func Unescape(sequence string) string { return sequence }
