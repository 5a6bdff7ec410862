namespace As2.Ftp.Tests.Client;

public sealed class FtpListingTests
{
    [Test]
    public void mlsd_gives_name_length_and_time()
    {
        var file = FtpListing.ReadMlsd("Type=file;Size=12;Modify=20261123193000.123;UNIX.mode=0644; two  blanks; and=more.edi");
        Assert.That(file, Is.EqualTo(new RemoteFile("two  blanks; and=more.edi", 12, new DateTimeOffset(2026, 11, 23, 19, 30, 0, TimeSpan.Zero), false)));
    }

    [TestCase("type=cdir;modify=20260101000000; .")]
    [TestCase("type=pdir; ..")]
    [TestCase("type=file;size=1; a/b")]
    [TestCase("no facts")]
    [TestCase("")]
    public void mlsd_lines_that_are_no_entry_are_left_out(string line)
        => Assert.That(FtpListing.ReadMlsd(line) is null or { Name: "facts" }, Is.True);

    [TestCase("-rw-r--r--    1 ftp      ftp          1234 Nov 23 19:30 order 1.edi", "order 1.edi", 1234L, false)]
    [TestCase("-rw-------    1 999      995             3 Nov 23  2025  leading blank", " leading blank", 3L, false)]
    [TestCase("drwxr-xr-x    2 ftp      ftp          4096 Nov  3 19:30 folder", "folder", null, true)]
    [TestCase("lrwxrwxrwx    1 ftp      ftp             7 Nov 23 19:30 link -> target", "link", null, false)]
    [TestCase("-rw-rw-r--+   1 a        b      5000000000 Jan  1 00:00 big", "big", 5000000000L, false)]
    [TestCase("11-23-26  07:30PM                 1234 dos file.txt", "dos file.txt", 1234L, false)]
    [TestCase("11-23-2026  07:30PM       <DIR>          dos folder", "dos folder", null, true)]
    public void list_is_read_in_the_forms_that_servers_use(string line, string name, long? length, bool isFolder)
        => Assert.That(FtpListing.ReadList(["total 12", line])!.Single(), Is.EqualTo(new RemoteFile(name, length, null, isFolder)));

    [TestCase("+i8388621.29609,m824255902,/,\tdev")]
    [TestCase("what is this")]
    [TestCase("-rw-r--r--")]
    public void a_listing_in_another_form_is_not_guessed(string line) => Assert.That(FtpListing.ReadList([line]), Is.Null);
}
