using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Orleans.Pipeline.Processing.Tests.Pipelines;

public sealed class SerializerTests
{
    [Fact]
    public async Task Bytes_pass_as_they_stand_where_no_serializer_is_given()
    {
        var commit = await new Stage(pipeline => pipeline.From("source").To(Sink.Topic("out"))).CommitOfAsync("a", "", "{");

        Assert.Equal(["a", "", "{"], commit.ValuesOf("out"));
    }

    [Fact]
    public async Task Values_are_JSON_of_the_web_defaults_where_no_serializer_is_given()
    {
        var stage = new Stage(pipeline => pipeline.From<Order>("source").Map(order => order with { Amount = order.Amount + 1 }).To(Sink.Topic("out")));

        var commit = await stage.CommitOfAsync("""{"CUSTOMER":"ann","amount":"41"}""");

        Assert.Equal(["""{"customer":"ann","amount":42}"""], commit.ValuesOf("out"));
    }

    [Fact]
    public async Task A_source_generated_context_reads_and_writes_the_values()
    {
        var catalog = new PipelineCatalog().UseJson(TestJson.Default)
            .Add("tested", pipeline => pipeline.From<Order>("source").To(Sink.Topic("out")));
        var stage = new Stage(pipeline => pipeline.From("source", Serializers.Json(TestJson.Default.Order)).To(
            Sink.Topic("out"),
            key: null,
            Serializers.Json(TestJson.Default.Order)));

        var commit = await stage.CommitOfAsync("""{"customer":"ann","amount":1}""");

        Assert.NotNull(catalog.Find("tested"));
        Assert.Equal(["""{"customer":"ann","amount":1}"""], commit.ValuesOf("out"));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("")]
    public async Task What_is_no_JSON_of_the_type_is_a_dead_letter_at_once(string value)
    {
        var commit = await new Stage(pipeline => pipeline.From<Order>("source").To(Sink.Topic("out"))).CommitOfAsync(value);

        var letter = Assert.Single(commit.DeadLettersOf());
        Assert.Equal(value, letter.Value);
        Assert.Contains($"{DeadLetterHeaders.ErrorType}={typeof(JsonException).FullName}", letter.Headers);
        Assert.Contains($"{DeadLetterHeaders.Step}=Deserialize", letter.Headers);
        Assert.Contains($"{DeadLetterHeaders.Attempts}=1", letter.Headers);
    }

    [Fact]
    public async Task Text_is_UTF_8_without_quotes()
    {
        var stage = new Stage(pipeline => pipeline.From("source", Serializers.Text).Map(text => text + "é").To(
            Sink.Topic("out"),
            key: null,
            Serializers.Text));

        Assert.Equal(["aé"], (await stage.CommitOfAsync("a")).ValuesOf("out"));
    }

    [Fact]
    public async Task Bytes_that_are_not_UTF_8_are_no_text()
    {
        var stage = new Stage(pipeline => pipeline.From("source", Serializers.Text).To(Sink.Topic("out"), key: null, Serializers.Text));

        await stage.RunAsync(Stage.Batch(1, (builder, _) => builder.Append(default, [0xC3, 0x28], timestamp: 0)));

        var commit = stage.ToCommit();
        Assert.Empty(commit.ValuesOf("out"));
        Assert.Equal(1, commit.DeadLetters);
    }

    [Fact]
    public async Task A_serializer_of_ones_own_is_used_where_it_is_given()
    {
        var stage = new Stage(pipeline => pipeline.From("source", new Reversed()).Map(text => text + "!").To(
            Sink.Topic("out"),
            key: null,
            new Reversed()));

        Assert.Equal(["!abc"], (await stage.CommitOfAsync("abc")).ValuesOf("out"));
    }

    private sealed class Reversed : ISerializer<string>
    {
        public void Serialize(string value, IBufferWriter<byte> destination) =>
            destination.Write(Encoding.UTF8.GetBytes([.. value.Reverse()]));

        public string Deserialize(ReadOnlyMemory<byte> bytes) => new([.. Encoding.UTF8.GetString(bytes.Span).Reverse()]);
    }
}
