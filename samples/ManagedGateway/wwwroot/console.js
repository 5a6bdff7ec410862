// One connection from its first octet, so that it begins and stays at one node: nodes behind a balancer need no sticky sessions.
Blazor.start({ circuit: { configureSignalR: (builder) => builder.withUrl('_blazor', { skipNegotiation: true, transport: 1 }) } });
