using System.Text;
using System.Text.Json;
using Orleans.Pipeline.Wire;

namespace Orleans.Pipeline.Core.Tests.Wire;

public sealed class JsonFieldsTests
{
    [Theory]
    [InlineData("""text""", true)]
    [InlineData("""\n\"\\u""", true)]
    [InlineData("""\u00e9\ud83d\ude00\u0000""", true)]
    [InlineData("""\\ud800""", true)]
    [InlineData("""\ud800""", false)]
    [InlineData("""\udc00""", false)]
    [InlineData("""\ud800\ud800""", false)]
    [InlineData("""\ud800\n""", false)]
    [InlineData("""\ud800x""", false)]
    [InlineData("""\udc00\ud800""", false)]
    [InlineData("""\\\ud800""", false)]
    [InlineData("""\uD83D\uDE00\uD83D""", false)]
    public void Escapes_are_text_if_each_surrogate_is_one_of_a_pair_as_the_reader_has_it(string escaped, bool isText)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes($"\"{escaped}\""));
        reader.Read();

        Assert.Equal(isText, JsonFields.IsText(reader.ValueSpan));
        Assert.Equal(isText, reader.TextOf() is not null);
        if (isText)
        {
            Assert.Equal(reader.GetString(), Encoding.UTF8.GetString(reader.TextOf()!));
        }
    }
}
