namespace ManagedGateway.Operations.Access;

/// <summary>Refuses what another site makes a browser do, beside SameSite cookies and form tokens: a change must come from our own pages, or carry a token.</summary>
internal static class SameOrigin
{
    /// <summary>Adds the check and the headers that tell browsers what our pages are.</summary>
    public static void UseSameOrigin(this WebApplication app) => app.Use((context, next) =>
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'self'; form-action 'self'; object-src 'none'";
        headers.XContentTypeOptions = "nosniff";
        // With no-referrer browsers hide the origin of a form, which is needed below.
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        if (!context.Request.Path.StartsWithSegments("/_content") && !context.Request.Path.StartsWithSegments("/_framework"))
            (headers.CacheControl, headers.Pragma) = ("no-cache, no-store", "no-cache");
        return IsOurs(context.Request)
            ? next(context)
            : Results.Problem(statusCode: StatusCodes.Status403Forbidden, detail: "This request comes from another site.").ExecuteAsync(context);
    });

    private static bool IsOurs(HttpRequest request)
    {
        if (request.Headers.Authorization.Count > 0)
            return true;
        var changes = !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method);
        // A WebSocket begins with GET and is bound by no other rule of browsers.
        if (!changes && !request.Headers.Upgrade.Contains("websocket"))
            return true;
        var origin = request.Headers.Origin.ToString();
        return origin.Length == 0
            ? !request.Cookies.ContainsKey(CallerAuthentication.CookieName)
            : string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);
    }
}
