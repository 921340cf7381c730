// Command traefik answers, with Traefik's own code, what a dynamic file means: whether it is accepted, what its
// middlewares are after templates, which of them cannot be built, and which router answers a request.
//
// It reads one JSON object from standard input and writes one to standard output; see Question and Answer.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"sort"

	"github.com/traefik/traefik/v3/pkg/config/dynamic"
	"github.com/traefik/traefik/v3/pkg/middlewares/requestdecorator"
	httpmuxer "github.com/traefik/traefik/v3/pkg/muxer/http"
	tcpmuxer "github.com/traefik/traefik/v3/pkg/muxer/tcp"
	"github.com/traefik/traefik/v3/pkg/provider/file"
	"github.com/traefik/traefik/v3/pkg/tcp"
)

// Question is a dynamic file, and requests to ask it.
type Question struct {
	File     string    `json:"file"`
	Requests []Request `json:"requests"`
}

// Request is one over HTTP, or a TCP connection where it has no path.
type Request struct {
	EntryPoint string `json:"entry_point"`
	Host       string `json:"host"`
	Path       string `json:"path"`
	From       string `json:"from"`
}

// Answer is what Traefik makes of the file.
type Answer struct {
	// Error says why the file is refused.
	Error string `json:"error,omitempty"`
	// Refused says why a router is.
	Refused map[string]string `json:"refused"`
	// Routers has the answering router of each request, "" for none.
	Routers []string `json:"routers"`
	// Middlewares are those of HTTP as Traefik read them.
	Middlewares map[string]*dynamic.Middleware `json:"middlewares"`
	// Dropped says why a middleware cannot be built; those over TCP are called "tcp NAME".
	Dropped map[string]string `json:"dropped"`
}

// named remembers which router it stands for.
type named string

// ServeTCP does nothing; only the name counts.
func (named) ServeTCP(tcp.WriteCloser) {}

func main() {
	var question Question
	if err := json.NewDecoder(os.Stdin).Decode(&question); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	if err := json.NewEncoder(os.Stdout).Encode(answer(question)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func answer(question Question) Answer {
	result := Answer{Refused: map[string]string{}, Routers: []string{}}
	provider := &file.Provider{Filename: question.File}
	config, err := provider.CreateConfiguration(context.Background(), question.File, nil, false)
	if err != nil {
		result.Error = err.Error()
		return result
	}
	result.Middlewares = config.HTTP.Middlewares
	result.Dropped = dropped(config)
	for _, request := range question.Requests {
		router := ""
		if request.Path == "" {
			router, err = overTCP(config, request, result)
		} else {
			router, err = overHTTP(config, request, result)
		}
		if err != nil {
			result.Error = err.Error()
			return result
		}
		result.Routers = append(result.Routers, router)
	}
	return result
}

// listens says whether a router is on an entry point: on all of them where it names none.
func listens(entryPoints []string, entryPoint string) bool {
	for _, name := range entryPoints {
		if name == entryPoint {
			return true
		}
	}
	return len(entryPoints) == 0
}

func overHTTP(config *dynamic.Configuration, request Request, result Answer) (string, error) {
	parser, err := httpmuxer.NewSyntaxParser()
	if err != nil {
		return "", err
	}
	muxer := httpmuxer.NewMuxer(parser, nil)
	answered := ""
	names := make([]string, 0, len(config.HTTP.Routers))
	for name := range config.HTTP.Routers {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		router := config.HTTP.Routers[name]
		if !listens(router.EntryPoints, request.EntryPoint) {
			continue
		}
		if why := broken(config, router, result.Dropped); why != "" {
			result.Refused[name] = why
			continue
		}
		priority := router.Priority
		if priority == 0 {
			priority = httpmuxer.GetRulePriority(router.Rule)
		}
		handler := before(config.HTTP, router, func() { answered = name })
		if err := muxer.AddRoute(router.Rule, "v3", priority, "file", handler); err != nil {
			result.Refused[name] = err.Error()
		}
	}
	ask := httptest.NewRequest(http.MethodGet, request.Path, http.NoBody)
	ask.Host = request.Host
	requestdecorator.New(nil).ServeHTTP(httptest.NewRecorder(), ask, muxer.ServeHTTP)
	return answered, nil
}

// broken says why Traefik would drop a router whose rule is sound.
func broken(config *dynamic.Configuration, router *dynamic.Router, dropped map[string]string) string {
	for _, name := range router.Middlewares {
		if _, ok := config.HTTP.Middlewares[name]; !ok {
			return "no middleware " + name
		}
		if why, ok := dropped[name]; ok {
			return "middleware " + name + ": " + why
		}
	}
	if _, ok := config.HTTP.Services[router.Service]; !ok {
		return "no service " + router.Service
	}
	if router.TLS != nil && router.TLS.Options != "" {
		if _, ok := config.TLS.Options[router.TLS.Options]; !ok {
			return "no TLS options " + router.TLS.Options
		}
	}
	return ""
}

func overTCP(config *dynamic.Configuration, request Request, result Answer) (string, error) {
	muxer, err := tcpmuxer.NewMuxer(nil)
	if err != nil {
		return "", err
	}
	for name, router := range config.TCP.Routers {
		if !listens(router.EntryPoints, request.EntryPoint) {
			continue
		}
		if why := brokenTCP(router, result.Dropped); why != "" {
			result.Refused[name] = why
			continue
		}
		priority := router.Priority
		if priority == 0 {
			priority = tcpmuxer.GetRulePriority(router.Rule)
		}
		if err := muxer.AddRoute(router.Rule, "v3", priority, "file", named(name)); err != nil {
			result.Refused[name] = err.Error()
		}
	}
	from, err := net.ResolveTCPAddr("tcp", request.From)
	if err != nil {
		return "", err
	}
	meta, err := tcpmuxer.NewConnData(request.Host, from, nil)
	if err != nil {
		return "", err
	}
	handler, _ := muxer.Match(meta)
	if router, ok := handler.(named); ok {
		return string(router), nil
	}
	return "", nil
}
