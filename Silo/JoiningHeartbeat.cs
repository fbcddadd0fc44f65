using System.Data.Common;

namespace Orleans.Pipeline.Silo;

/// <summary>
/// Gives a silo's sign of life in the table of members while it is joining; Orleans does so only once it is active. A silo that joins
/// waits for all active members, and looks anew for those that gave no sign of life when the table shows a new one. After a crash of
/// the whole cluster nobody else gives any: without this it would wait for the dead until it gives up.
/// </summary>
internal sealed class JoiningHeartbeat(IMembershipTable members, ILocalSiloDetails silo, SiloSettings settings, TimeProvider timeProvider)
    : ILifecycleParticipant<ISiloLifecycle>
{
    private readonly CancellationTokenSource _joined = new();
    private Task _beating = Task.CompletedTask;

    public void Participate(ISiloLifecycle lifecycle)
    {
        lifecycle.Subscribe(nameof(JoiningHeartbeat), ServiceLifecycleStage.ValidateInitialConnectivity - 1, Begin, _ => EndAsync());
        lifecycle.Subscribe(nameof(JoiningHeartbeat), ServiceLifecycleStage.Active, _ => EndAsync());
    }

    private Task Begin(CancellationToken cancellationToken)
    {
        _beating = BeatAsync();
        return Task.CompletedTask;
    }

    private async Task EndAsync()
    {
        await _joined.CancelAsync();
        await _beating;
    }

    private async Task BeatAsync()
    {
        using var timer = new PeriodicTimer(settings.ProbeTimeout, timeProvider);
        try
        {
            while (await timer.WaitForNextTickAsync(_joined.Token))
            {
                await TryBeatAsync();
            }
        }
        catch (OperationCanceledException) when (_joined.IsCancellationRequested)
        {
        }
    }

    private async Task TryBeatAsync()
    {
        try
        {
            await members.UpdateIAmAliveAsync(
                new MembershipEntry { SiloAddress = silo.SiloAddress, IAmAliveTime = timeProvider.GetUtcNow().UtcDateTime });
        }
        catch (DbException)
        {
            // The database is away; the next sign may reach it.
        }
    }
}
