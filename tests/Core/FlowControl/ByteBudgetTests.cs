using Orleans.Pipeline.FlowControl;

namespace Orleans.Pipeline.Core.Tests.FlowControl;

public sealed class ByteBudgetTests
{
    private readonly ByteBudget _budget = new(limit: 100);

    [Fact]
    public async Task Takes_up_to_the_limit_do_not_wait()
    {
        await _budget.TakeAsync(60, default);
        await _budget.TakeAsync(40, default);

        Assert.Equal(100, _budget.Held);
    }

    [Fact]
    public async Task A_take_over_the_limit_waits_until_there_is_room()
    {
        await _budget.TakeAsync(60, default);
        await _budget.TakeAsync(30, default);

        var waiting = _budget.TakeAsync(50, default).AsTask();
        _budget.Release(30);
        Assert.False(waiting.IsCompleted);
        _budget.Release(60);

        await waiting;
        Assert.Equal(50, _budget.Held);
    }

    [Fact]
    public async Task One_take_larger_than_the_limit_gets_through_alone()
    {
        await _budget.TakeAsync(500, default);

        var waiting = _budget.TakeAsync(1, default).AsTask();
        Assert.False(waiting.IsCompleted);
        _budget.Release(500);

        await waiting;
    }

    [Fact]
    public async Task A_cancelled_take_holds_nothing_and_the_next_one_gets_its_room()
    {
        using var cancelled = new CancellationTokenSource();
        await _budget.TakeAsync(80, default);
        var waiting = _budget.TakeAsync(90, cancelled.Token).AsTask();

        cancelled.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Equal(80, _budget.Held);
        await _budget.TakeAsync(20, default);
        _budget.Release(80);
        Assert.Equal(20, _budget.Held);
    }

    [Fact]
    public async Task A_take_that_got_its_room_before_it_was_cancelled_holds_it()
    {
        using var cancelled = new CancellationTokenSource();
        await _budget.TakeAsync(80, default);
        var waiting = _budget.TakeAsync(90, cancelled.Token).AsTask();

        _budget.Release(80);
        cancelled.Cancel();

        await waiting;
        Assert.Equal(90, _budget.Held);
    }

    [Fact]
    public async Task A_cancelled_token_does_not_keep_from_room_that_is_there()
    {
        await _budget.TakeAsync(1, new CancellationToken(canceled: true));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _budget.TakeAsync(
            100,
            new CancellationToken(canceled: true)).AsTask());
        Assert.Equal(1, _budget.Held);
    }

    [Fact]
    public async Task No_take_waits_once_the_bound_is_lifted()
    {
        await _budget.TakeAsync(100, default);
        var waiting = _budget.TakeAsync(100, default).AsTask();

        _budget.Complete();

        await waiting;
        await _budget.TakeAsync(100, default);
    }
}
