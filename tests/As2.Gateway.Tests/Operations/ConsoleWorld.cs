using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using As2.Ftp;
using As2.Testing;
using ManagedGateway;
using ManagedGateway.Operations;
using ManagedGateway.Operations.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace As2.Gateway.Tests.Operations;

/// <summary>A gateway with a console in this process: one partner, two organisations, a clock that the test moves.</summary>
internal sealed class ConsoleWorld : IAsyncDisposable
{
    public const string Password = "correct horse battery staple";

    private readonly WebApplication _gateway;
    private readonly TempFolder _data;
    private bool _stopped;

    private ConsoleWorld(WebApplication gateway, TempFolder data, OutsidePartner partner)
    {
        (_gateway, _data, Partner) = (gateway, data, partner);
        Link = Service.Describe().Select(line => Regex.Match(line, @"http\S+setup\S+")).FirstOrDefault(m => m.Success)?.Value;
    }

    public OutsidePartner Partner { get; }

    public string Data => _data.Path;

    public Uri Address => Service.Address!;

    /// <summary>Where partners send to.</summary>
    public Uri As2Address => new($"http://127.0.0.1:{_gateway.Services.GetRequiredService<GatewayOptions>().Port}/as2");

    /// <summary>The fingerprint of the FTPS certificate.</summary>
    public string FtpsPin
    {
        get
        {
            using var certificate = _gateway.Services.GetRequiredService<ManagedGateway.Secrets.SealedFiles>().LoadCertificate("keys/ftps.pem");
            return certificate.Thumbprint;
        }
    }

    /// <summary>The way in that the process printed.</summary>
    public string? Link { get; }

    public OperationsService Service => _gateway.Services.GetRequiredService<OperationsService>();

    public IServiceProvider Gateway => _gateway.Services;

    /// <summary>Starts it. Station US is of organisation ACME; OTHER has no station.</summary>
    public static async Task<ConsoleWorld> StartAsync(TempFolder? data = null, TimeProvider? clock = null, Action<JsonObject>? adapt = null, Kept kept = Kept.InFolder)
    {
        data ??= new TempFolder();
        var partner = await OutsidePartner.StartAsync();
        TestWorld.Pair(data.Path, OutsidePartner.Ours, OutsidePartner.Theirs, partner.Endpoint);
        var file = JsonNode.Parse(await File.ReadAllTextAsync(data["gateway.json"]))!.AsObject();
        file["Console"] = new JsonObject { ["Port"] = 0 };
        file["Organisations"] = new JsonObject { ["ACME"] = new JsonArray("US"), ["OTHER"] = new JsonArray() };
        if (kept == Kept.Shared)
            file["Store"] = SharedDatabase.NewStore(data["shared"]);
        adapt?.Invoke(file);
        data.Write("gateway.json", file.ToJsonString());
        return new ConsoleWorld(await BuildAsync(data, clock), data, partner);
    }

    /// <summary>Another node of the same gateway, with copies of its settings and keys.</summary>
    public async Task<ConsoleWorld> StartNodeAsync()
    {
        var data = new TempFolder();
        foreach (var file in Directory.EnumerateFiles(Data, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(Data, f)).Where(f => !f.StartsWith("shared", StringComparison.Ordinal)))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(data[file])!);
            File.Copy(Path.Combine(Data, file), data[file]);
        }
        return new ConsoleWorld(await BuildAsync(data, clock: null), data, await OutsidePartner.StartAsync());
    }

    private static async Task<WebApplication> BuildAsync(TempFolder data, TimeProvider? clock)
    {
        var options = new GatewayOptions { Data = data.Path, Port = FreePort.TakeRange(3) };
        var gateway = GatewayHost.Build(GatewaySettings.Load(data.Path), options, services =>
        {
            if (clock is not null)
                services.AddSingleton(clock);
        });
        await gateway.StartAsync();
        return gateway;
    }

    /// <summary>Starts it with nothing but a console: no station, no partnership, no account.</summary>
    public static async Task<ConsoleWorld> StartBareAsync(TempFolder data, OutsidePartner partner, bool console = false)
    {
        var file = new JsonObject { ["Console"] = new JsonObject { ["Port"] = 0 } };
        if (!File.Exists(data["gateway.json"]))
            data.Write("gateway.json", file.ToJsonString());
        else if (console)
        {
            var written = JsonNode.Parse(await File.ReadAllTextAsync(data["gateway.json"]))!.AsObject();
            written["Console"] = new JsonObject { ["Port"] = 0 };
            data.Write("gateway.json", written.ToJsonString());
        }
        var gateway = GatewayHost.Build(GatewaySettings.Load(data.Path), new GatewayOptions { Data = data.Path, Port = FreePort.TakeRange(3) });
        await gateway.StartAsync();
        return new ConsoleWorld(gateway, data, partner);
    }

    /// <summary>A service of the console.</summary>
    public T Get<T>()
        where T : notnull => Service.Services!.GetRequiredService<T>();

    /// <summary>A browser without a session, which follows nothing by itself.</summary>
    public HttpClient Browser()
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }) { BaseAddress = Address };
        client.DefaultRequestHeaders.Add("Origin", Address.GetLeftPart(UriPartial.Authority));
        return client;
    }

    /// <summary>A program with a token of a new user.</summary>
    public HttpClient Program(Role role, string? organisation = null) => Program(Token(role, organisation));

    /// <summary>A token of a new user.</summary>
    public string Token(Role role, string? organisation = null)
    {
        var user = Get<Users>().Add("test", new NewUser($"{role}-{Guid.NewGuid():N}", Password, role, organisation));
        var caller = new Caller(user.Number, user.Name, role, organisation) { Session = "test" };
        return Get<ApiTokens>().Add(caller, new NewToken("test", role)).Secret;
    }

    /// <summary>A program with a token.</summary>
    public HttpClient Program(string token)
    {
        var client = new HttpClient { BaseAddress = Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    /// <summary>A browser that signed in by the page, as a new user.</summary>
    public async Task<HttpClient> SignedInAsync(Role role, string? organisation = null)
    {
        var name = $"{role}-{Guid.NewGuid():N}";
        Get<Users>().Add("test", new NewUser(name, Password, role, organisation));
        var browser = Browser();
        var answer = await SubmitAsync(browser, "/sign-in", ("Name", name), ("Password", Password));
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Found), await answer.Content.ReadAsStringAsync());
        return browser;
    }

    /// <summary>Fills in the form of a page and sends it.</summary>
    public static async Task<HttpResponseMessage> SubmitAsync(HttpClient browser, string page, params (string Name, string Value)[] fields)
    {
        var html = await browser.GetStringAsync(page);
        return await browser.PostAsync(page, new FormUrlEncodedContent(Hidden(html).Concat(fields.Select(f => KeyValuePair.Create(f.Name, f.Value)))));
    }

    /// <summary>What a page's form sends besides what is filled in.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Hidden(string html) => Regex.Matches(html, @"<input type=""hidden"" name=""([^""]+)"" value=""([^""]*)""")
        .Select(m => KeyValuePair.Create(m.Groups[1].Value, WebUtility.HtmlDecode(m.Groups[2].Value)));

    /// <summary>Signs in over FTPS.</summary>
    public Task<FtpClient> ConnectAsync(string account, string password) => FtpClient.ConnectAsync(new FtpClientOptions
    {
        Host = "127.0.0.1", Port = _gateway.Services.GetRequiredService<GatewayOptions>().Port!.Value + 1, User = account, Password = password, Trust = FtpTrust.Pinned(FtpsPin),
    });

    /// <summary>Stops the gateway; folder and partner stay.</summary>
    public async Task StopAsync()
    {
        await _gateway.StopAsync();
        await _gateway.DisposeAsync();
        _stopped = true;
    }

    public async ValueTask DisposeAsync()
    {
        if (_stopped)
            return;
        await StopAsync();
        await Partner.DisposeAsync();
        _data.Dispose();
    }
}
