// The page's snippet in a Go server. See node/server.mjs for what every server here does.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"

	"behalf/verify/verifyheaders"
)

func main() {
	var hosts []string
	if list := os.Getenv("ACTS_FOR_USERS_OF"); list != "" {
		hosts = strings.Split(list, ",")
	}
	verifier, err := verifyheaders.New(context.Background(), os.Getenv("JWKS_URL"), os.Getenv("HOST"), hosts)
	if err != nil {
		log.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("listening on http://%s\n", listener.Addr())
	go endWithParent()
	log.Fatal(http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		caller, originalUser, err := verifier.Verify(r)
		if err != nil {
			log.Print(err)
			w.WriteHeader(http.StatusForbidden)
			return
		}
		answer := map[string]any{"caller": caller.Subject, "originalUser": nil}
		if originalUser != nil {
			answer["originalUser"] = originalUser.Subject
		}
		json.NewEncoder(w).Encode(answer)
	})))
}

func endWithParent() {
	channel, err := strconv.Atoi(os.Getenv("NODE_CHANNEL_FD"))
	if err != nil {
		log.Fatal(err)
	}
	os.NewFile(uintptr(channel), "parent").Read(make([]byte, 1))
	os.Exit(0)
}
