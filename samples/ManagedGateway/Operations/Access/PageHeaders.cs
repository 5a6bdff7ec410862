namespace ManagedGateway.Operations.Access;

/// <summary>What every answer of the console's listener tells a browser: nothing of other hosts, no frames, no guesses.</summary>
internal static class PageHeaders
{
    // Components set sizes in style attributes; scripts come from files of ours only.
    private const string Policy = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    public static void UsePageHeaders(this WebApplication app) => app.Use((context, next) =>
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        return next(context);
    });
}
