using As2;
using As2.AspNetCore;
using As2.Storage.Sqlite;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddSqliteStore("data");
builder.Services.AddAs2()
    .AddPartnerships(builder.Configuration.GetSection("As2"))
    .AddPayloadHandler(async (message, stop) =>
    {
        Directory.CreateDirectory("inbox");
        await using var content = await message.OpenAsync(stop);
        await using var file = File.Create(Path.Combine("inbox", message.Id + ".edi"));
        await content.CopyToAsync(file, stop);
        Console.WriteLine($"{message.FileName} from {message.From}: {message.Length} bytes, {message.Stored.Security}");
    })
    .AddWorkers();
builder.Services.AddHealthChecks().AddAs2();

var app = builder.Build();
app.MapAs2Endpoint("/as2");
app.MapHealthChecks("/health");
app.Run();
