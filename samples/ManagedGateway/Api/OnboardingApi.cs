using ManagedGateway.Operations.Access;
using ManagedGateway.Operations.Onboarding;

namespace ManagedGateway.Api;

/// <summary>Links for partners, and what lies behind them.</summary>
internal static class OnboardingApi
{
    public static void MapOnboarding(this RouteGroupBuilder api)
    {
        var links = api.MapGroup("/onboarding-links").For(Role.PartnerAdmin).WithTags("Onboarding");
        links.MapGet("", (Caller caller, OnboardingLinks all) => all.List(caller)).WithName("ListOnboardingLinks").WithSummary("Links that partners were given.");
        links.MapPost("", (NewOnboardingLink link, Caller caller, OnboardingLinks all) => new MadeLink("/onboarding/" + all.Add(caller, link)))
            .WithName("AddOnboardingLink").WithSummary("Makes a link for a partner; the answer is the only place that shows it.");
        links.MapDelete("/{hash}", (string hash, Caller caller, OnboardingLinks all) =>
            {
                all.Remove(caller, hash);
                return Results.NoContent();
            })
            .WithName("RemoveOnboardingLink").WithSummary("Takes a link back.");
    }

    /// <summary>Files for a partner, which the word in the address opens.</summary>
    public static void MapOnboardingFiles(this WebApplication app) => app.MapGet("/onboarding/{word}/certificates/{sha256}/{form}", async (
            string word, string sha256, string form, OnboardingDesk desk, CancellationToken ended) => await desk.CertificateAsync(word, sha256, ended) is { } certificate
                ? CertificateDownload.Of(certificate, certificate.Certificate.GetNameInfo(System.Security.Cryptography.X509Certificates.X509NameType.SimpleName, forIssuer: false), form)
                : Problems.NotFound("certificate"))
        .AllowAnonymous().RequireRateLimiting(SignInLimit.Name).ExcludeFromDescription();
}

/// <summary>A link that was made: the path, to be put behind the console's address as the partner reaches it.</summary>
internal sealed record MadeLink(string Path);
