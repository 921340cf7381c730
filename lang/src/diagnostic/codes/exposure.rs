//! Who can reach what: `QG0760` to `QG0779`.

super::codes! {
    WAY_ROUND = "QG0760", "a way round a guard",
        "`qgc check --exposure` puts requests to the simulated proxy and login server: for each route that asks for something, clients who lack it, with the route's own names and paths in every spelling that is known to lead astray (`%2f`, `..`, `//`, capitals, another name in TLS, other entry points, methods and headers). One of them reached the program. It is shown as it would be sent, with the router that let it through.\n\nThe router is too wide, or lacks the guard. Where it is one of your own in `dynamic`, give it the guard among its `middlewares` or the `options` of its `tls`, or say it as a `route`, which has them by itself. `qgc request` tells the story of the request.";
}
