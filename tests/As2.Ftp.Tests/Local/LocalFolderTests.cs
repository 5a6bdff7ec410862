using As2.Ftp.Local;
using As2.Testing;

namespace As2.Ftp.Tests.Local;

/// <summary>Nothing that others put into a local folder leads out of it.</summary>
[Platform(Exclude = "Win")]
public sealed class LocalFolderTests
{
    private TempFolder _outside = null!;
    private TempFolder _root = null!;
    private LocalFolder _folder = null!;

    [SetUp]
    public void Start()
    {
        (_outside, _root) = (new TempFolder(), new TempFolder());
        _folder = new LocalFolder(_root.Path);
        _outside.Write("secret", "secret");
        _root.Write("own", "own");
        File.CreateSymbolicLink(_root["link"], _outside["secret"]);
        Directory.CreateSymbolicLink(_root["folder"], _outside.Path);
    }

    [TearDown]
    public async Task Stop()
    {
        await _folder.DisposeAsync();
        _root.Dispose();
        _outside.Dispose();
    }

    [Test]
    public async Task links_are_not_listed()
        => Assert.That((await _folder.ListAsync("/", default)).Select(file => file.Name), Is.EqualTo(new[] { "own" }));

    [TestCase("/link")]
    [TestCase("/folder/secret")]
    [TestCase("/../secret")]
    [TestCase("/./own")]
    public void a_path_through_a_link_or_upwards_is_refused_whatever_is_done(string path)
    {
        Func<ValueTask>[] all =
        [
            async () => await _folder.GetSizeAsync(path, default), () => _folder.DownloadAsync(path, new MemoryStream(), default),
            () => _folder.UploadAsync(path, new MemoryStream([1]), default), () => _folder.DeleteAsync(path, default),
            () => _folder.RenameAsync(path, "/taken", default), () => _folder.RenameAsync("/own", path, default),
        ];
        foreach (var work in all)
            Assert.That(Assert.ThrowsAsync<FtpException>(async () => await work())!.Failure, Is.EqualTo(FtpFailure.Refused));
        Assert.That(File.ReadAllText(_outside["secret"]), Is.EqualTo("secret"));
        Assert.That(File.ReadAllText(_root["own"]), Is.EqualTo("own"));
    }
}
