using System.Text;
using AccessLog;
using AccessLog.Demo;

namespace Orleans.Pipeline.EndToEnd.Tests.Parsing;

public sealed class ParseLogLineTests
{
    private const string Line =
        """83.149.9.216 - frank [17/May/2015:10:05:03 -0230] "GET /a%20b?q=1 HTTP/1.1" 200 203023 "http://semicomplete.com/" "Mozilla/5.0 (X11; Linux)" """;

    [Fact]
    public void A_line_in_the_combined_format_gives_every_field()
    {
        var entry = Parse(Line.TrimEnd());

        Assert.Equal("83.149.9.216", entry.Address.ToString());
        Assert.Equal(new DateTimeOffset(2015, 5, 17, 10, 5, 3, new TimeSpan(-2, -30, 0)), entry.Time);
        Assert.Equal("GET", entry.Method);
        Assert.Equal("/a%20b?q=1", entry.Path.ToString());
        Assert.Equal(200, entry.Status);
        Assert.Equal(203023, entry.Bytes);
        Assert.Equal("http://semicomplete.com/", entry.Referrer.ToString());
        Assert.Equal("Mozilla/5.0 (X11; Linux)", entry.UserAgent.ToString());
    }

    [Fact]
    public async Task Of_the_ten_thousand_real_lines_all_but_the_one_cut_off_parse_and_sum_to_the_ground_truth()
    {
        var (entries, failed, number) = (new List<AccessLogEntry>(), new List<int>(), 0);
        await foreach (var line in new LogFile(
            new FileInfo(Path.Combine(AppContext.BaseDirectory, "apache_logs.gz")),
            limit: null).ReadAsync(default))
        {
            number++;
            try
            {
                entries.Add(ParseLogLine.Parse(line.ToArray()));
            }
            catch (FormatException)
            {
                failed.Add(number);
            }
        }

        Assert.Equal(10_000, number);
        Assert.Equal([8899], failed);
        Assert.Equal(2_747_282_505, entries.Sum(entry => entry.Bytes));
        Assert.Equal(9_125, entries.Count(entry => entry.Status == 200));
        Assert.Equal(9_951, entries.Count(entry => entry.Method == "GET"));
    }

    [Theory]
    [InlineData("\"GET /index.html HTTP/1.0\"", "GET", "/index.html")]
    [InlineData("\"GET /index.html\"", "GET", "/index.html")]
    [InlineData("\"GET /a b HTTP/1.1\"", "GET", "/a b")]
    [InlineData("\"-\"", "-", "-")]
    [InlineData("\"\"", "-", "")]
    [InlineData("\"BREW /pot HTCPCP/1.0\"", "-", "BREW /pot HTCPCP/1.0")]
    [InlineData("\"GET /\\\"quoted\\\"\\\\ HTTP/1.1\"", "GET", "/\\\"quoted\\\"\\\\")]
    public void Whatever_a_client_sent_is_taken_as_the_request(string request, string method, string path)
    {
        var entry = Parse($"::1 - - [17/May/2015:10:05:03 +0000] {request} 400 - \"-\" \"-\"");

        Assert.Equal((method, path, 0L), (entry.Method, entry.Path.ToString(), entry.Bytes));
    }

    [Theory]
    [InlineData("", "cut off at byte 0, in the client address that begins at byte 0")]
    [InlineData("localhost", "cut off at byte 9, in the client address that begins at byte 0")]
    [InlineData(" - -", "at byte 0, the client address is empty")]
    [InlineData("::1 - - 17/May/2015", "at byte 6, the opening bracket of the time is missing behind the user")]
    [InlineData("::1 - - [17/May/2015:10:05", "cut off at byte 26, in the time that begins at byte 9")]
    [InlineData("::1 - - [31/Feb/2015:10:05:03 +0000] ", "at byte 9, the time '31/Feb/2015:10:05:03 +0000' is not one like")]
    [InlineData("::1 - - [17/may/2015:10:05:03 +0000] ", "at byte 9, the time")]
    [InlineData("::1 - - [17/May/2015:24:05:03 +0000] ", "at byte 9, the time")]
    [InlineData("::1 - - [17/May/2015:10:05:03 +1401] ", "at byte 9, the time")]
    [InlineData("::1 - - [17/May/2015:10:05:03 +0000]", "cut off at byte 36, behind the time")]
    [InlineData("::1 - - [17/May/2015:10:05:03 +0000] GET", "at byte 35, the time is not followed by '] \"'")]
    [InlineData("::1 - - [17/May/2015:10:05:03 +0000] \"GET", "cut off at byte 41, in the request that begins at byte 38")]
    [InlineData("::1 - - [17/May/2015:10:05:03 +0000] \"GET \\", "cut off at byte 43, in the request that begins at byte 38")]
    [InlineData("::1 - - [17/May/2015:10:05:03 +0000] \"\" 99 ", "at byte 40, the status is not a number from 100 to 599")]
    [InlineData("::1 - - [17/May/2015:10:05:03 +0000] \"\" 200 1x", "at byte 45, the bytes is not followed by ' \"'")]
    [InlineData("::1 - - [17/May/2015:10:05:03 +0000] \"\" 200 99999999999999999999 ", "at byte 44, the number of bytes is neither")]
    [InlineData("::1 - - [17/May/2015:10:05:03 +0000] \"\" 200 -1 ", "at byte 45, the bytes is not followed by")]
    [InlineData(
        "::1 - - [17/May/2015:10:05:03 +0000] \"\" 200 1 \"-\" \"Mozil",
        "cut off at byte 56, in the user agent that begins at byte 51")]
    [InlineData("::1 - - [17/May/2015:10:05:03 +0000] \"\" 200 1 \"-\" \"-\" 0.005", "at byte 53, something follows the user agent")]
    public void A_line_that_is_not_in_the_format_says_what_is_wrong_and_at_which_byte(string line, string fault)
    {
        var error = Assert.Throws<FormatException>(() => Parse(line));

        Assert.Contains(fault, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_cut_off_anywhere_is_refused_as_a_format_error()
    {
        var line = Encoding.UTF8.GetBytes(Line.TrimEnd());
        for (var length = 0; length < line.Length; length++)
        {
            Assert.Throws<FormatException>(() => ParseLogLine.Parse(line.AsMemory(0, length)));
        }
    }

    [Fact]
    public void Random_changes_of_a_line_parse_or_are_refused_as_a_format_error()
    {
        var random = new Random(42);
        var line = Encoding.UTF8.GetBytes(Line.TrimEnd());
        for (var round = 0; round < 100_000; round++)
        {
            var changed = (byte[])line.Clone();
            for (var change = random.Next(1, 4); change > 0; change--)
            {
                changed[random.Next(changed.Length)] = (byte)random.Next(256);
            }

            try
            {
                ParseLogLine.Parse(changed);
            }
            catch (FormatException)
            {
            }
        }
    }

    private static AccessLogEntry Parse(string line) => ParseLogLine.Parse(Encoding.UTF8.GetBytes(line));
}
