using System.Globalization;
using Orleans.Pipeline.Records;

namespace Orleans.Pipeline.Core.Tests.Records;

public sealed class TimeTextTests
{
    [Theory]
    [InlineData("2026-01-31", "2026-01-31T00:00:00.0000000+00:00")]
    [InlineData("2026-01-31T12:00", "2026-01-31T12:00:00.0000000+00:00")]
    [InlineData("2026-01-31 12:00:05", "2026-01-31T12:00:05.0000000+00:00")]
    [InlineData("2026-01-31t12:00:05z", "2026-01-31T12:00:05.0000000+00:00")]
    [InlineData("2026-01-31T12:00:05.5Z", "2026-01-31T12:00:05.5000000+00:00")]
    [InlineData("2026-01-31T12:00:05,123456789+02:00", "2026-01-31T12:00:05.1234567+02:00")]
    [InlineData("2026-01-31T12:00:05-0330", "2026-01-31T12:00:05.0000000-03:30")]
    [InlineData("2026-01-31T12:00+02", "2026-01-31T12:00:00.0000000+02:00")]
    [InlineData("20260131T120005.25Z", "2026-01-31T12:00:05.2500000+00:00")]
    [InlineData("20260131T1200", "2026-01-31T12:00:00.0000000+00:00")]
    [InlineData("2024-02-29", "2024-02-29T00:00:00.0000000+00:00")]
    [InlineData("0001-01-01", "0001-01-01T00:00:00.0000000+00:00")]
    [InlineData("9999-12-31T23:59:59.9999999Z", "9999-12-31T23:59:59.9999999+00:00")]
    [InlineData("0", "1970-01-01T00:00:00.0000000+00:00")]
    [InlineData("-1", "1969-12-31T23:59:59.9990000+00:00")]
    [InlineData("1769860800000", "2026-01-31T12:00:00.0000000+00:00")]
    [InlineData("20269931", "1970-01-01T05:37:49.9310000+00:00")]
    public void A_time_is_ISO_8601_with_the_year_first_or_milliseconds(string text, string time)
    {
        Assert.True(TimeText.TryParse(text, out var read));
        Assert.Equal(time, read.ToString("O", CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("")]
    [InlineData("05/11/2023")]
    [InlineData("11-05-2023")]
    [InlineData("2023/05/11")]
    [InlineData("23-05-11")]
    [InlineData("2023-5-11")]
    [InlineData("2023-05")]
    [InlineData("2023-W45-1")]
    [InlineData("10:30")]
    [InlineData("12.5")]
    [InlineData("1.7e12")]
    [InlineData("+5")]
    [InlineData(" 5")]
    [InlineData("Nov 5 2023")]
    [InlineData("Sun, 05 Nov 2023 10:30:00 GMT")]
    [InlineData("2023-13-01")]
    [InlineData("2023-02-29")]
    [InlineData("2023-00-10")]
    [InlineData("0000-01-01")]
    [InlineData("2026-01-31T")]
    [InlineData("2026-01-31T24:00")]
    [InlineData("2026-01-31T12:60")]
    [InlineData("2026-01-31T12:00:60")]
    [InlineData("2026-01-31T12:00:00.")]
    [InlineData("2026-01-31T12")]
    [InlineData("2026-01-31T12:00 Z")]
    [InlineData("2026-01-31T12:00:00 02:00")]
    [InlineData("2026-01-31T12:00+15:00")]
    [InlineData("2026-01-31T12:00+02:60")]
    [InlineData("2026-01-31T12:00+02:")]
    [InlineData("2026-01-31T12:00Zjunk")]
    [InlineData("0001-01-01T00:00+01:00")]
    [InlineData("9999-12-31T23:59-01:00")]
    [InlineData("253402300800000")]
    [InlineData("99999999999999999999")]
    [InlineData("2023")]
    [InlineData("202311")]
    [InlineData("20231105")]
    [InlineData("202311051030")]
    [InlineData("20231105103000")]
    public void Everything_else_is_no_time(string text) => Assert.False(TimeText.TryParse(text, out _));
}
