using System.Text;
using Orleans.Pipeline.Dashboard.Records;

namespace Orleans.Pipeline.Dashboard.Tests.Figures;

public sealed class RecordTests
{
    [Fact]
    public void JSON_is_set_out_with_its_parts_told_apart()
    {
        var runs = JsonText.Of("""{"name":"Zoë","n":[1,true]}"""u8)!;

        Assert.Equal("{\n  \"name\": \"Zoë\",\n  \"n\": [\n    1,\n    true\n  ]\n}", string.Concat(runs.Select(run => run.Text)));
        Assert.Equal(["\"name\"", "\"n\""], runs.Where(run => run.Kind == "json-name").Select(run => run.Text));
        Assert.Equal(["\"Zoë\""], runs.Where(run => run.Kind == "json-text").Select(run => run.Text));
        Assert.Equal(["1"], runs.Where(run => run.Kind == "json-number").Select(run => run.Text));
    }

    [Theory]
    [InlineData("plain text")]
    [InlineData("{\"cut\":")]
    [InlineData("17")]
    [InlineData("")]
    public void What_is_no_JSON_object_or_array_is_left_as_it_is(string value) => Assert.Null(JsonText.Of(Encoding.UTF8.GetBytes(value)));

    [Theory]
    [InlineData("AMSTERDAM", true)]
    [InlineData("key-7", true)]
    [InlineData("tracEparent", true)]
    [InlineData("rotterdam", false)]
    [InlineData("", true)]
    public void A_filter_looks_into_key_value_and_headers_whatever_the_case(string text, bool matches)
    {
        var builder = new RecordBatchBuilder();
        builder.Append("key-7"u8, "to Amsterdam"u8, timestamp: 0, [Header.Text("traceparent", "00-1")]);
        var batch = builder.Build();
        foreach (var record in batch)
        {
            Assert.Equal(matches, new RecordFilter(text).Matches(record));
        }
    }

    [Fact]
    public void Bytes_that_are_no_text_are_set_out_in_hexadecimal() =>
        Assert.StartsWith("000000  ff 00 41 ", HexText.Of([0xff, 0x00, 0x41]), StringComparison.Ordinal);
}
