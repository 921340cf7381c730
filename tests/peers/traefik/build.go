package main

import (
	"context"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/traefik/traefik/v3/pkg/config/dynamic"
	"github.com/traefik/traefik/v3/pkg/ip"
	"github.com/traefik/traefik/v3/pkg/middlewares"
	"github.com/traefik/traefik/v3/pkg/middlewares/addprefix"
	"github.com/traefik/traefik/v3/pkg/middlewares/buffering"
	"github.com/traefik/traefik/v3/pkg/middlewares/contenttype"
	"github.com/traefik/traefik/v3/pkg/middlewares/encodedcharacters"
	"github.com/traefik/traefik/v3/pkg/middlewares/grpcweb"
	"github.com/traefik/traefik/v3/pkg/middlewares/headers"
	"github.com/traefik/traefik/v3/pkg/middlewares/inflightreq"
	"github.com/traefik/traefik/v3/pkg/middlewares/passtlsclientcert"
	"github.com/traefik/traefik/v3/pkg/middlewares/redirect"
	"github.com/traefik/traefik/v3/pkg/middlewares/stripprefix"
	"github.com/traefik/traefik/v3/pkg/middlewares/stripprefixregex"
	"github.com/traefik/traefik/v3/pkg/middlewares/tcp/inflightconn"
	"github.com/traefik/traefik/v3/pkg/middlewares/tcp/ipallowlist"
	"github.com/traefik/traefik/v3/pkg/types"
	"github.com/vulcand/oxy/v2/cbreaker"
)

// dropped builds every middleware, and says why one cannot be.
//
// The constructors are Traefik's own, or where one would draw in all of Traefik (its providers, its authorities
// for certificates), the calls on which it gives up, read off its source.
func dropped(config *dynamic.Configuration) map[string]string {
	found := map[string]string{}
	if config.HTTP != nil {
		for name := range config.HTTP.Middlewares {
			if err := build(config.HTTP, name, nil); err != nil {
				found[name] = err.Error()
			}
		}
	}
	if config.TCP != nil {
		for name, of := range config.TCP.Middlewares {
			if err := buildTCP(of, name); err != nil {
				found["tcp "+name] = err.Error()
			}
		}
	}
	return found
}

// build makes one middleware; those that it is inside of are above.
func build(config *dynamic.HTTPConfiguration, name string, above []string) error {
	of, ok := config.Middlewares[name]
	if !ok || of == nil {
		return fmt.Errorf("middleware %q does not exist", name)
	}
	if slices.Contains(above, name) {
		return fmt.Errorf("recursion detected in %s", strings.Join(append(above, name), "->"))
	}
	ctx, next := context.Background(), http.NotFoundHandler()
	var made []error
	put := func(_ http.Handler, err error) { made = append(made, err) }
	say := func(err error) { made = append(made, err) }
	if of.AddPrefix != nil {
		put(addprefix.New(ctx, next, *of.AddPrefix, name))
	}
	if of.BasicAuth != nil {
		say(users(of.BasicAuth.Users, 2, of.BasicAuth.UsersFile, true))
	}
	if of.Buffering != nil {
		put(buffering.New(ctx, next, *of.Buffering, name))
	}
	if of.Chain != nil {
		say(chain(config, of.Chain, append(above, name)))
	}
	if of.CircuitBreaker != nil {
		put(cbreaker.New(next, of.CircuitBreaker.Expression))
	}
	if of.Compress != nil {
		say(compress(of.Compress))
	}
	if of.ContentType != nil {
		put(contenttype.New(ctx, next, *of.ContentType, name))
	}
	if of.DigestAuth != nil {
		say(users(of.DigestAuth.Users, 3, of.DigestAuth.UsersFile, false))
	}
	if of.EncodedCharacters != nil {
		put(encodedcharacters.NewEncodedCharacters(ctx, next, *of.EncodedCharacters, name), nil)
	}
	if of.Errors != nil {
		say(errorPages(config, of.Errors))
	}
	if of.ForwardAuth != nil {
		say(forward(ctx, of.ForwardAuth))
	}
	if of.GrpcWeb != nil {
		put(grpcweb.New(ctx, next, *of.GrpcWeb, name), nil)
	}
	if of.Headers != nil {
		put(headers.New(ctx, next, *of.Headers, name))
	}
	if of.IPAllowList != nil {
		say(allowList(of.IPAllowList))
	}
	if of.InFlightReq != nil {
		put(inflightreq.New(ctx, next, *of.InFlightReq, name))
	}
	if of.PassTLSClientCert != nil {
		put(passtlsclientcert.New(ctx, next, *of.PassTLSClientCert, name))
	}
	if of.Plugin != nil {
		say(nil)
	}
	if of.RateLimit != nil {
		say(rate(ctx, of.RateLimit))
	}
	if of.RedirectRegex != nil {
		put(redirect.NewRedirectRegex(ctx, next, *of.RedirectRegex, name))
	}
	if of.RedirectScheme != nil {
		put(redirect.NewRedirectScheme(ctx, next, *of.RedirectScheme, name))
	}
	if of.ReplacePath != nil {
		say(nil)
	}
	if of.ReplacePathRegex != nil {
		_, err := regexp.Compile(strings.TrimSpace(of.ReplacePathRegex.Regex))
		say(err)
	}
	if of.Retry != nil {
		say(retry(of.Retry))
	}
	if of.StripPrefix != nil {
		put(stripprefix.New(ctx, next, *of.StripPrefix, name))
	}
	if of.StripPrefixRegex != nil {
		put(stripprefixregex.New(ctx, next, *of.StripPrefixRegex, name))
	}
	switch len(made) {
	case 0:
		return errors.New("invalid middleware type or middleware does not exist")
	case 1:
		return made[0]
	default:
		return errors.New("multi-types middleware not supported")
	}
}

func buildTCP(of *dynamic.TCPMiddleware, name string) error {
	ctx := context.Background()
	switch {
	case of.IPAllowList != nil:
		_, err := ipallowlist.New(ctx, named(""), *of.IPAllowList, name)
		return err
	case of.InFlightConn != nil:
		_, err := inflightconn.New(ctx, named(""), *of.InFlightConn, name)
		return err
	default:
		return errors.New("invalid middleware type or middleware does not exist")
	}
}

// chain is pkg/middlewares/chain.
func chain(config *dynamic.HTTPConfiguration, of *dynamic.Chain, above []string) error {
	for _, name := range of.Middlewares {
		if err := build(config, name, above); err != nil {
			return err
		}
	}
	return nil
}

// users is pkg/middlewares/auth: lines of so many parts. A file is there only on the host.
func users(lines []string, parts int, file string, needed bool) error {
	for _, line := range lines {
		if len(strings.Split(line, ":")) != parts {
			return fmt.Errorf("error parsing user: %v", line)
		}
	}
	if needed && len(lines) == 0 && file == "" {
		return errors.New("no users found")
	}
	return nil
}

// compress is pkg/middlewares/compress.
func compress(of *dynamic.Compress) error {
	if len(of.ExcludedContentTypes) > 0 && len(of.IncludedContentTypes) > 0 {
		return errors.New("excludedContentTypes and includedContentTypes options are mutually exclusive")
	}
	for _, kind := range append(of.ExcludedContentTypes, of.IncludedContentTypes...) {
		if _, _, err := mime.ParseMediaType(kind); err != nil {
			return err
		}
	}
	if len(of.Encodings) == 0 {
		return errors.New("at least one encoding must be specified")
	}
	if of.DefaultEncoding != "" && !slices.Contains(of.Encodings, of.DefaultEncoding) {
		return fmt.Errorf("unsupported default encoding: %s", of.DefaultEncoding)
	}
	return nil
}

// errorPages is pkg/middlewares/customerrors.
func errorPages(config *dynamic.HTTPConfiguration, of *dynamic.ErrorPage) error {
	if _, ok := config.Services[of.Service]; !ok {
		return fmt.Errorf("the service %q does not exist", of.Service)
	}
	ranges := slices.Clone(of.Status)
	for from := range of.StatusRewrites {
		ranges = append(ranges, from)
	}
	_, err := types.NewHTTPCodeRanges(ranges)
	return err
}

// forward is pkg/middlewares/auth. Files of TLS are there only on the host: a path stands for what is in it.
func forward(ctx context.Context, of *dynamic.ForwardAuth) error {
	if of.TLS != nil {
		if (of.TLS.Cert == "") != (of.TLS.Key == "") {
			return errors.New("both TLS cert and key must be defined")
		}
		if !strings.HasPrefix(of.TLS.CA, "/") {
			if _, err := (&types.ClientTLS{CA: of.TLS.CA}).CreateTLSConfig(ctx); err != nil {
				return err
			}
		}
	}
	_, err := regexp.Compile(of.AuthResponseHeadersRegex)
	return err
}

// allowList is pkg/middlewares/ipallowlist.
func allowList(of *dynamic.IPAllowList) error {
	if of.RejectStatusCode != 0 && http.StatusText(of.RejectStatusCode) == "" {
		return fmt.Errorf("invalid HTTP status code %d", of.RejectStatusCode)
	}
	if _, err := ip.NewChecker(of.SourceRange); err != nil {
		return err
	}
	_, err := of.IPStrategy.Get()
	return err
}

// rate is pkg/middlewares/ratelimiter.
func rate(ctx context.Context, of *dynamic.RateLimit) error {
	if of.Period < 0 {
		return fmt.Errorf("negative value not valid for period: %v", of.Period)
	}
	if of.Redis != nil && of.Redis.TLS != nil && (of.Redis.TLS.Cert == "") != (of.Redis.TLS.Key == "") {
		return errors.New("both TLS cert and key must be defined")
	}
	_, err := middlewares.GetSourceExtractor(ctx, of.SourceCriterion)
	return err
}

// retry is pkg/middlewares/retry.
func retry(of *dynamic.Retry) error {
	if len(of.Status) == 0 && of.DisableRetryOnNetworkError {
		return errors.New("retry middleware requires at least HTTP status codes or retry on TCP")
	}
	if of.Attempts <= 0 {
		return fmt.Errorf("incorrect (or empty) value for attempt (%d)", of.Attempts)
	}
	_, err := types.NewHTTPCodeRanges(of.Status)
	return err
}

// before is what of a router's middlewares refuses a request by its path; the others would ask other programs.
func before(config *dynamic.HTTPConfiguration, router *dynamic.Router, then func()) http.Handler {
	var handler http.Handler = http.HandlerFunc(func(http.ResponseWriter, *http.Request) { then() })
	for _, name := range slices.Backward(router.Middlewares) {
		if of := config.Middlewares[name].EncodedCharacters; of != nil {
			handler = encodedcharacters.NewEncodedCharacters(context.Background(), handler, *of, name)
		}
	}
	return handler
}

// brokenTCP says why Traefik would drop a router over TCP whose rule is sound.
func brokenTCP(router *dynamic.TCPRouter, dropped map[string]string) string {
	for _, name := range router.Middlewares {
		if why, ok := dropped["tcp "+name]; ok {
			return "middleware " + name + ": " + why
		}
	}
	return ""
}
