using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace ManagedGateway.Operations.Access;

/// <summary>Knows a caller by the session cookie, or under <c>/api</c> by a bearer token. A token that is shown is the only thing that counts.</summary>
internal sealed class CallerAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logs, UrlEncoder encoder, Sessions sessions, ApiTokens tokens)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logs, encoder)
{
    public const string SchemeName = "gateway";
    public const string CookieName = "as2gw-session";

    private const string Bearer = "Bearer ";

    /// <summary>Gives the browser its session.</summary>
    public static void SignIn(HttpContext context, string word) => context.Response.Cookies.Append(CookieName, word, Cookie(context));

    /// <summary>Takes the session out of the browser.</summary>
    public static void SignOut(HttpContext context) => context.Response.Cookies.Delete(CookieName, Cookie(context));

    /// <summary>True for a request of a program rather than of a person.</summary>
    public static bool IsApi(HttpRequest request) => request.Path.StartsWithSegments("/api");

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        Caller? caller;
        if (header.Length > 0)
        {
            caller = IsApi(Request) && header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? tokens.Find(header[Bearer.Length..].Trim()) : null;
            if (caller is null)
                return Task.FromResult(AuthenticateResult.Fail("The token is unknown, out of date, or not for this."));
        }
        else if (Request.Cookies[CookieName] is not { Length: > 0 and < 100 } word || (caller = sessions.Find(word)) is null)
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(caller.ToPrincipal(SchemeName), SchemeName)));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (!IsApi(Request) && HttpMethods.IsGet(Request.Method))
        {
            Response.Redirect("/sign-in?next=" + UrlEncoder.Encode(Request.Path + Request.QueryString));
            return Task.CompletedTask;
        }
        Response.Headers.WWWAuthenticate = "Bearer";
        return WriteAsync(StatusCodes.Status401Unauthorized, "Sign in, or send a token as 'Authorization: Bearer …'.");
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
        => WriteAsync(StatusCodes.Status403Forbidden, "Your role does not allow this. Ask a security administrator.");

    private Task WriteAsync(int status, string text)
        => Results.Problem(statusCode: status, detail: text).ExecuteAsync(Context);

    private static CookieOptions Cookie(HttpContext context)
        => new() { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = context.Request.IsHttps, Path = "/", IsEssential = true };
}
