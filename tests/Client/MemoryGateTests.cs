using Orleans.Pipeline.Client.Producing;

namespace Orleans.Pipeline.Client.Tests;

/// <summary>The line for a producer's memory.</summary>
public sealed class MemoryLineTests
{
    [Fact]
    public void Nobody_overtakes_a_record_that_has_left_the_line_but_is_not_in_its_batch_yet()
    {
        MemoryGate? line = null;
        var overtaken = true;
        line = new MemoryGate(
            maximumBytes: 100,
            place: (in ProducerRecord _, int _, bool _) =>
            {
                overtaken = line!.TryEnter(1);
                return default;
            },
            flushNow: () => { });
        line.Join(new WaitingRecord(default(ProducerRecord), bytes: 10, isEnqueued: false, schedule: _ => { }));

        line.Open();

        Assert.False(overtaken);
        Assert.True(line.TryEnter(1));
    }
}
