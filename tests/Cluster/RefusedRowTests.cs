using System.Text;

namespace Orleans.Pipeline.Cluster.Tests;

/// <summary>A row that the database refuses, on a cluster.</summary>
public sealed class RefusedRowTests : IAsyncLifetime
{
    private TestCluster _cluster = null!;

    public async Task InitializeAsync() => _cluster = await TestCluster.StartAsync(
        pipelines => pipelines.Add("rows", pipeline => pipeline.From("texts", Serializers.Text, partitions: 1)
            .To(Table.Insert<string>("rows").Column("text", text => text))),
        silos: 2);

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task The_record_of_a_row_that_a_trigger_refuses_is_a_dead_letter_and_those_around_it_commit()
    {
        OtherWriter.Execute(
            _cluster.Database,
            "CREATE TRIGGER checked BEFORE INSERT ON rows WHEN NEW.text = '617' BEGIN SELECT RAISE(ROLLBACK, 'no such text'); END");
        var builder = new RecordBatchBuilder();
        for (var number = 0; number < 1000; number++)
        {
            builder.Append(default, Encoding.UTF8.GetBytes($"{number}"), timestamp: 0);
        }

        await _cluster.Store.AppendAsync(new("texts", 0), builder.Build());

        await _cluster.WhenCommittedAsync(new TaskId("rows", "texts", 0), 1000);
        var letter = Assert.Single((await _cluster.DeadLetters.ListAsync("rows")).DeadLetters);
        Assert.Equal((617, "To(rows)"), (letter.SourceOffset, letter.Step));
        Assert.Contains("no such text", letter.ErrorMessage);
        Assert.Equal(1, (await _cluster.Engine.GetStatusAsync("rows")).Stages[0].Tasks[0].DeadLetters);
        Assert.Equal(999, OtherWriter.Count(_cluster.Database, "rows"));
    }
}
