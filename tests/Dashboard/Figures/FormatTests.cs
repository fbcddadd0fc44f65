using Orleans.Pipeline.Dashboard.Text;

namespace Orleans.Pipeline.Dashboard.Tests.Figures;

public sealed class FormatTests
{
    [Theory]
    [InlineData(0, "0")]
    [InlineData(999, "999")]
    [InlineData(1000, "1.00 k")]
    [InlineData(12_345, "12.3 k")]
    [InlineData(999_999, "1.00 M")]
    [InlineData(1_234_567_890, "1.23 G")]
    public void A_count_has_three_digits(double count, string said) => Assert.Equal(said, Format.Count(count));

    [Theory]
    [InlineData(0, "0/s")]
    [InlineData(0.25, "0.3/s")]
    [InlineData(12.4, "12/s")]
    [InlineData(double.NaN, "–")]
    public void A_small_rate_has_a_decimal(double rate, string said) => Assert.Equal(said, Format.Rate(rate));

    [Theory]
    [InlineData(512, "512 B")]
    [InlineData(1536, "1.50 KiB")]
    [InlineData(1 << 30, "1.00 GiB")]
    public void Bytes_go_by_powers_of_two(double bytes, string said) => Assert.Equal(said, Format.Bytes(bytes));

    [Theory]
    [InlineData("20.0 k/s", "20 k/s")]
    [InlineData("4.00 MiB", "4 MiB")]
    [InlineData("8.0/s", "8/s")]
    [InlineData("100 ms", "100 ms")]
    [InlineData("7", "7")]
    public void A_round_figure_has_no_zeros_at_its_end(string figure, string said) => Assert.Equal(said, Format.Round(figure));

    [Theory]
    [InlineData(0, "0 s")]
    [InlineData(0.0123, "0.012 s")]
    [InlineData(0.412, "0.41 s")]
    [InlineData(66.34, "66.3 s")]
    [InlineData(1234, "1,234 s")]
    [InlineData(double.NaN, "–")]
    public void Seconds_of_work_stay_seconds(double seconds, string said) => Assert.Equal(said, Format.Seconds(seconds));

    [Theory]
    [InlineData(1234.5, "1,234.50 EUR")]
    [InlineData(0, "0.00 EUR")]
    [InlineData(0.999, "1.00 EUR")]
    [InlineData(0.25, "0.25 EUR")]
    [InlineData(0.04, "0.04 EUR")]
    [InlineData(0.005, "0.005 EUR")]
    [InlineData(0.00123, "0.0012 EUR")]
    [InlineData(double.NaN, "–")]
    public void Money_has_hundredths_and_more_digits_only_below_one(double amount, string said) =>
        Assert.Equal(said, Format.Money(amount, "EUR"));

    [Theory]
    [InlineData(45, "45 s")]
    [InlineData(125, "2 min 5 s")]
    [InlineData(7200, "2 h")]
    [InlineData(100_000, "1 d 3 h")]
    public void A_span_is_told_in_its_largest_units(int seconds, string said) =>
        Assert.Equal(said, Format.Span(TimeSpan.FromSeconds(seconds)));
}
