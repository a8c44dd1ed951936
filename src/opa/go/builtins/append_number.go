package main

import (
	"encoding/json"
	"fmt"
	"math/big"
	"regexp"
)

// longFloatExponent finds what is no number to compute with, in each of Go's notations.
var longFloatExponent = regexp.MustCompile(`(?:^[^xX]*[eE]|[pP])[-+]?[0_]*[1-9](?:_?[0-9]){3}`)

// appendNumber writes a number as JSON has it. OPA keeps what it read, as to_number does with "+5", "005", ".5", "1_0" and
// "0x1p4", all of which are numbers in Go; opa_value_parse would stop in the middle of them.
func appendNumber(text []byte, number string) ([]byte, error) {
	if json.Valid([]byte(number)) {
		return append(text, number...), nil
	}
	exact := new(big.Rat)
	if longFloatExponent.MatchString(number) {
		return nil, fmt.Errorf("%q has too many digits", number)
	}
	if _, ok := exact.SetString(number); !ok {
		return nil, fmt.Errorf("%q is no number", number)
	}
	digits, _ := exact.FloatPrec()
	return append(text, exact.FloatString(digits)...), nil
}
