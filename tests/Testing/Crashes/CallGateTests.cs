using Orleans.Pipeline.Testing.Calls;

namespace Orleans.Pipeline.Testing.Tests.Crashes;

/// <summary>What each fault does to the call that it meets.</summary>
public sealed class CallGateTests
{
    private readonly List<string> _events = [];

    [Theory]
    [InlineData(nameof(Fault.Fails), "fails")]
    [InlineData(nameof(Fault.LosesAnswer), "effect, fails")]
    [InlineData(nameof(Fault.Repeats), "effect, effect, answer")]
    [InlineData(nameof(Fault.SecondOwnerBefore), "second owner, effect, answer")]
    [InlineData(nameof(Fault.SecondOwnerAfter), "effect, second owner, answer")]
    public async Task A_fault_meets_the_call_of_its_place_and_no_other(string fault, string events)
    {
        var gate = new CallGate { Plan = (1, Enum.Parse<Fault>(fault)), TakeOverElsewhere = TakeOverElsewhereAsync, Crashed = _ => { } };

        await CallAsync(gate);
        await CallAsync(gate);
        await CallAsync(gate);

        Assert.Equal($"effect, answer, {events}, effect, answer", string.Join(", ", _events));
        Assert.True(gate.HasCrashed);
    }

    [Fact]
    public async Task A_call_of_an_operator_meets_no_fault_and_is_not_counted()
    {
        var gate = new CallGate { Plan = (0, Fault.Fails), TakeOverElsewhere = TakeOverElsewhereAsync, Crashed = _ => { }, IsOpen = true };

        await CallAsync(gate);

        Assert.Equal(["effect", "answer"], _events);
        Assert.Empty(gate.Calls);
    }

    private async Task CallAsync(CallGate gate)
    {
        try
        {
            await gate.PassAsync(new(PipelineCall.Commit, new("pipeline", "stage", 0), "offsets 0 to 1"), () =>
            {
                _events.Add("effect");
                return ValueTask.FromResult(true);
            });
            _events.Add("answer");
        }
        catch (StoreUnavailableException)
        {
            _events.Add("fails");
        }
    }

    private Task TakeOverElsewhereAsync(TaskId task)
    {
        _events.Add("second owner");
        return Task.CompletedTask;
    }
}
